//! Settings: the defaults, then a file, then variables, then options. Everything that is wrong is named at once,
//! each with its key and the place it was given.

use crate::notifications::transport;
use anyhow::{Context, bail};
use lettre::message::Mailbox;
use serde::Deserialize;
use std::{collections::BTreeMap, path::Path};
use toml::{
    Value,
    de::{DeTable, DeValue},
};

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

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_empty() { "(none)" } else { "(secret)" })
    }
}

/// A setting given outside of the file, as text: a command-line option.
#[derive(Debug, Clone)]
pub struct Given {
    /// As people write it: `--port`.
    pub place: &'static str,
    /// The setting it stands for: `http.port`.
    pub key: &'static str,
    pub text: String,
}

impl Config {
    /// Reads defaults, file, variables and options; the last one given counts.
    ///
    /// # Errors
    /// One error that names every unknown or broken setting.
    pub fn read(
        file: Option<&Path>,
        variables: impl Iterator<Item = (String, String)>,
        options: &[Given],
    ) -> anyhow::Result<Self> {
        let mut reading = Reading::begin()?;
        if let Some(path) = file {
            reading.file(path);
        }
        for (name, value) in variables {
            if let Some(rest) = name.strip_prefix(PREFIX) {
                let key = rest.to_lowercase().replacen("__", ".", 1);
                reading.text(&format!("the variable {name}"), &key, &value);
            }
        }
        for Given { place, key, text } in options {
            reading.text(place, key, text);
        }
        // What was refused is not among the values, so these can be read and looked at all the same.
        let config: Self = reading.settings.clone().try_into().context("the built-in settings")?;
        config.check(&mut |key, what| reading.wrong(key, what));
        match reading.problems.as_slice() {
            [] => Ok(config),
            problems => bail!("the settings need your attention:\n  - {}", problems.join("\n  - ")),
        }
    }

    fn check(&self, wrong: &mut impl FnMut(&str, &str)) {
        let url = &self.http.public_url;
        if !(url.is_empty() || url.starts_with("http://") || url.starts_with("https://")) {
            wrong("http.public_url", &format!("must begin with http:// or https://, not “{url}”"));
        }
        if url.ends_with('/') {
            wrong("http.public_url", "must not end with a slash");
        }
        if self.http.host.trim().is_empty() {
            wrong("http.host", "must be a name or an address of this machine");
        }
        let database = self.database.url.reveal();
        if !database.is_empty()
            && !["sqlite:", "postgres:", "postgresql:"].iter().any(|kind| database.starts_with(kind))
        {
            wrong("database.url", "must begin with sqlite: or postgres:");
        }
        let Mail { host, security, password, from, .. } = &self.mail;
        if !["starttls", "tls", "none"].contains(&security.as_str()) {
            wrong("mail.security", &format!("must be starttls, tls or none, not “{security}”"));
        }
        if security == "none" && !password.reveal().is_empty() && !transport::is_here(host) {
            wrong("mail.security", "must not be none where a password goes to another machine");
        }
        if from.parse::<Mailbox>().is_err() {
            wrong("mail.from", &format!("must be a sender such as Fairway <no-reply@example.org>, not “{from}”"));
        }
        if let Err(error) = tracing_subscriber::EnvFilter::try_new(&self.log.level) {
            wrong("log.level", &format!("must be written as RUST_LOG is, not “{}”: {error}", self.log.level));
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

/// The settings while they are read.
struct Reading {
    settings: toml::Table,
    /// Where each setting was given last.
    places: BTreeMap<String, String>,
    problems: Vec<String>,
}

impl Reading {
    fn begin() -> anyhow::Result<Self> {
        let settings = DEFAULTS.parse().context("the built-in settings")?;
        Ok(Self { settings, places: BTreeMap::new(), problems: Vec::new() })
    }

    /// Reads a file as far as it can be read: after a mistake in one line the others are looked at as well.
    fn file(&mut self, path: &Path) {
        let shown = path.display();
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) => return self.problems.push(format!("{shown} cannot be read: {error}")),
        };
        let place = |at: usize| {
            let line = text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1;
            format!("{shown}, line {line}")
        };
        let (table, errors) = DeTable::parse_recoverable(&text);
        for error in errors {
            let at = error.span().map_or_else(|| shown.to_string(), |span| place(span.start));
            self.problems.push(format!("{} ({at})", error.message()));
        }
        for (section, values) in table.get_ref() {
            let DeValue::Table(values) = values.get_ref() else {
                let at = place(section.span().start);
                self.problems.push(format!("there is no setting {} outside of a section ({at})", section.get_ref()));
                continue;
            };
            for (name, value) in values {
                let key = format!("{}.{}", section.get_ref(), name.get_ref());
                let at = place(name.span().start);
                match value.get_ref() {
                    DeValue::String(text) => self.put(&at, &key, Value::String(text.clone().into_owned())),
                    DeValue::Boolean(yes) => self.put(&at, &key, Value::Boolean(*yes)),
                    DeValue::Integer(number) => {
                        // What no integer can hold is out of every range.
                        let number = i64::from_str_radix(number.as_str(), number.radix()).unwrap_or(i64::MAX);
                        self.put(&at, &key, Value::Integer(number));
                    }
                    _ => self.put(&at, &key, Value::Array(Vec::new())),
                }
            }
        }
    }

    /// A setting given as text, which is read as its default is.
    fn text(&mut self, place: &str, key: &str, text: &str) {
        let value = match self.slot(key) {
            Some(Value::Integer(_)) => text.trim().parse().ok().map(Value::Integer),
            Some(Value::Boolean(_)) => text.trim().parse().ok().map(Value::Boolean),
            _ => None,
        };
        self.put(place, key, value.unwrap_or_else(|| Value::String(text.to_owned())));
    }

    fn put(&mut self, place: &str, key: &str, value: Value) {
        let problem = match (self.slot(key), &value) {
            (None, _) => return self.problems.push(format!("there is no setting {key} ({place})")),
            // Every whole number among the settings is a port.
            (Some(Value::Integer(_)), Value::Integer(number)) if u16::try_from(*number).is_err() => {
                "must be a port between 0 and 65535"
            }
            (Some(slot), value) if slot.same_type(value) => {
                *slot = value.clone();
                self.places.insert(key.to_owned(), place.to_owned());
                return;
            }
            (Some(Value::Integer(_)), _) => "must be a whole number",
            (Some(Value::Boolean(_)), _) => "must be true or false",
            (Some(_), _) => "must be a text in quotation marks",
        };
        self.problems.push(format!("{key} {problem} ({place})"));
    }

    fn slot(&mut self, key: &str) -> Option<&mut Value> {
        let (section, name) = key.split_once('.')?;
        self.settings.get_mut(section)?.as_table_mut()?.get_mut(name)
    }

    fn wrong(&mut self, key: &str, what: &str) {
        let place = self.places.get(key).map_or("the built-in default", String::as_str);
        self.problems.push(format!("{key} {what} ({place})"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(file: Option<&Path>, variables: &[(&str, &str)], options: &[Given]) -> anyhow::Result<Config> {
        Config::read(file, variables.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())), options)
    }

    #[test]
    fn the_defaults_are_complete() {
        let config = read(None, &[], &[]).unwrap();
        assert_eq!(config.public_url(), "http://127.0.0.1:8080");
    }

    #[test]
    fn the_last_one_given_counts() {
        let port = |text: &str| Given { place: "--port", key: "http.port", text: text.to_owned() };
        let variables = [("FAIRWAY__HTTP__PORT", "81"), ("FAIRWAY__HTTP__HOST", "0.0.0.0")];
        assert_eq!(read(None, &variables, &[]).unwrap().public_url(), "http://0.0.0.0:81");
        assert_eq!(read(None, &variables, &[port("82")]).unwrap().public_url(), "http://0.0.0.0:82");
    }

    #[test]
    fn every_wrong_setting_is_named_at_once_with_its_key_and_place() {
        let file = std::env::temp_dir().join(format!("fairway-settings-{}.toml", std::process::id()));
        let text = "port = 1\n[http]\nport = 70000\npublic_url = \"example.org/\"\nbehind_proxy = \"yes\"\nhost = \n\
                    [mail]\nhost = \"mx.example.org\"\nfrom = \"nobody\"\npassword = \"hush\"\n[htpp]\nport = 1\n";
        std::fs::write(&file, text).unwrap();
        let variables = [
            ("FAIRWAY__MAIL__PORT", "many"),
            ("FAIRWAY__MAIL__SECURITY", "none"),
            ("FAIRWAY__LOG__LEVEL", "=loud="),
            ("FAIRWAY__LOG__LEVELS", "info"),
            ("HOME", "ignored"),
        ];
        let options = [
            Given { place: "--database", key: "database.url", text: "mysql://hush@host/name".to_owned() },
            Given { place: "--port", key: "http.port", text: "-1".to_owned() },
        ];

        let error = read(Some(&file), &variables, &options).unwrap_err().to_string();

        let name = file.display().to_string();
        let said: Vec<String> = error.lines().map(|line| line.replace(&name, "file")).collect();
        std::fs::remove_file(&file).unwrap();
        for expected in [
            "there is no setting port outside of a section (file, line 1)",
            "http.port must be a port between 0 and 65535 (file, line 3)",
            "http.public_url must begin with http:// or https://, not “example.org/” (file, line 4)",
            "http.public_url must not end with a slash (file, line 4)",
            "http.behind_proxy must be true or false (file, line 5)",
            "mail.security must not be none where a password goes to another machine (the variable \
             FAIRWAY__MAIL__SECURITY)",
            "mail.from must be a sender such as Fairway <no-reply@example.org>, not “nobody” (file, line 9)",
            "there is no setting htpp.port (file, line 12)",
            "mail.port must be a whole number (the variable FAIRWAY__MAIL__PORT)",
            "there is no setting log.levels (the variable FAIRWAY__LOG__LEVELS)",
            "database.url must begin with sqlite: or postgres: (--database)",
            "http.port must be a port between 0 and 65535 (--port)",
        ] {
            assert!(said.contains(&format!("  - {expected}")), "{expected}\nis not said in\n{error}");
        }
        let begins = |words: &str| said.iter().any(|line| line.starts_with(&format!("  - {words}")));
        assert!(begins("log.level must be written as RUST_LOG is, not “=loud=”"), "{error}");
        assert!(said.iter().any(|line| line.ends_with("(file, line 6)")), "the value is missing there: {error}");
        assert!(!error.contains("hush"), "{error}");
        assert_eq!(said.len(), 1 + 15, "{error}");
    }

    #[test]
    fn a_file_that_is_not_there_is_named_beside_the_rest() {
        let error = read(Some(Path::new("no-such.toml")), &[("FAIRWAY__X", "1")], &[]).unwrap_err().to_string();
        assert!(error.contains("no-such.toml cannot be read") && error.contains("there is no setting x"), "{error}");
    }

    #[test]
    fn secrets_are_not_printed() {
        assert_eq!(format!("{:?}", Secret("hush".to_owned())), "(secret)");
    }
}
