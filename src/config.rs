//! Settings: the defaults, then a file, then variables, then options. Everything that is wrong is named at once.

use anyhow::{Context, bail};
use serde::Deserialize;
use std::path::Path;

/// The commented defaults, also the documentation of the settings.
pub const DEFAULTS: &str = include_str!("config.default.toml");
const PREFIX: &str = "FAIRWAY__";

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub http: Http,
    pub database: DatabaseSettings,
    pub mail: Mail,
    pub log: Log,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Http {
    pub host: String,
    pub port: u16,
    pub public_url: String,
    pub behind_proxy: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatabaseSettings {
    pub url: Secret,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    pub host: String,
    pub port: u16,
    pub security: String,
    pub user: String,
    pub password: Secret,
    pub from: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    pub level: String,
}

/// A text that is never printed.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_empty() { "(none)" } else { "(secret)" })
    }
}

impl Config {
    /// Reads defaults, file and variables.
    ///
    /// # Errors
    /// One error that names every unknown or broken setting.
    pub fn read(file: Option<&Path>, variables: impl Iterator<Item = (String, String)>) -> anyhow::Result<Self> {
        let mut problems = Vec::new();
        let defaults: toml::Table = DEFAULTS.parse().context("the built-in settings")?;
        let mut settings = defaults.clone();
        if let Some(path) = file {
            let text = std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
            match text.parse::<toml::Table>() {
                Ok(table) => merge(&mut settings, table, &defaults, &path.display().to_string(), &mut problems),
                Err(error) => problems.push(format!("{}: {}", path.display(), error.message())),
            }
        }
        for (name, value) in variables {
            if let Some(rest) = name.strip_prefix(PREFIX) {
                set_variable(&mut settings, &name, rest, &value, &mut problems);
            }
        }
        if problems.is_empty() {
            let config: Self = settings.try_into().context("the settings")?;
            config.check(&mut problems);
            if problems.is_empty() {
                return Ok(config);
            }
        }
        bail!("the settings need your attention:\n  - {}", problems.join("\n  - "))
    }

    fn check(&self, problems: &mut Vec<String>) {
        let url = &self.http.public_url;
        if !(url.is_empty() || url.starts_with("http://") || url.starts_with("https://")) {
            problems.push(format!("http.public_url must begin with http:// or https://, not “{url}”"));
        }
        if url.ends_with('/') {
            problems.push("http.public_url must not end with a slash".to_owned());
        }
        let database = self.database.url.reveal();
        if !database.is_empty()
            && !["sqlite:", "postgres:", "postgresql:"].iter().any(|kind| database.starts_with(kind))
        {
            problems.push("database.url must begin with sqlite: or postgres:".to_owned());
        }
        if !["starttls", "tls", "none"].contains(&self.mail.security.as_str()) {
            problems.push(format!("mail.security must be starttls, tls or none, not “{}”", self.mail.security));
        }
        if !self.mail.from.contains('@') {
            problems.push("mail.from must hold an e-mail address".to_owned());
        }
    }

    /// The public address without a slash at the end.
    pub fn public_url(&self) -> String {
        if self.http.public_url.is_empty() {
            format!("http://{}:{}", self.http.host, self.http.port)
        } else {
            self.http.public_url.clone()
        }
    }
}

fn merge(settings: &mut toml::Table, given: toml::Table, known: &toml::Table, place: &str, problems: &mut Vec<String>) {
    for (section, values) in given {
        let (Some(toml::Value::Table(target)), Some(toml::Value::Table(defaults)), toml::Value::Table(values)) =
            (settings.get_mut(&section), known.get(&section), values)
        else {
            problems.push(format!("{place}: there is no section [{section}]"));
            continue;
        };
        for (name, value) in values {
            match defaults.get(&name) {
                None => problems.push(format!("{place}: there is no setting {section}.{name}")),
                Some(default) if default.type_str() != value.type_str() => problems.push(format!(
                    "{place}: {section}.{name} must be a {}, not a {}",
                    default.type_str(),
                    value.type_str()
                )),
                Some(_) => {
                    target.insert(name, value);
                }
            }
        }
    }
}

fn set_variable(settings: &mut toml::Table, name: &str, rest: &str, value: &str, problems: &mut Vec<String>) {
    let key = rest.to_lowercase();
    let found =
        key.split_once("__").and_then(|(section, setting)| settings.get_mut(section)?.as_table_mut()?.get_mut(setting));
    match found {
        None => problems.push(format!("there is no setting for the variable {name}")),
        Some(slot) => {
            let parsed = match slot {
                toml::Value::Integer(_) => value.parse().ok().map(toml::Value::Integer),
                toml::Value::Boolean(_) => value.parse().ok().map(toml::Value::Boolean),
                _ => Some(toml::Value::String(value.to_owned())),
            };
            match parsed {
                Some(parsed) => *slot = parsed,
                None => problems.push(format!("the variable {name} must be a {}", slot.type_str())),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_complete() {
        let config = Config::read(None, std::iter::empty()).unwrap();
        assert_eq!(config.public_url(), "http://127.0.0.1:8080");
    }

    #[test]
    fn every_wrong_setting_is_named_at_once() {
        let variables = [("FAIRWAY__HTTP__PORT", "many"), ("FAIRWAY__HTPP__PORT", "1"), ("HOME", "ignored")];
        let error = Config::read(None, variables.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the settings need your attention:\n  - the variable FAIRWAY__HTTP__PORT must be a integer\n  \
             - there is no setting for the variable FAIRWAY__HTPP__PORT"
        );
    }

    #[test]
    fn secrets_are_not_printed() {
        assert_eq!(format!("{:?}", Secret::from("hush".to_owned())), "(secret)");
    }
}
