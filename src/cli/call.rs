//! Calls as files on the command line.

use super::{Place, open};
use crate::{
    calls::{
        archive::{commands::ImportCall, queries::ExportCall, read, write},
        rules::Severity,
    },
    kernel::{Actor, AppError},
};
use anyhow::{Context, anyhow};
use clap::Subcommand;
use std::path::{Path, PathBuf};

/// What can be done with call files.
#[derive(Subcommand)]
pub enum CallCommand {
    /// Make a draft call of a file; every mistake is named with its place.
    #[command(after_help = "Example: fairway call import innovation-express-2017.json --data /srv/fairway")]
    Import {
        /// A call file; its JSON Schema is printed by `fairway call schema`.
        file: PathBuf,
    },
    /// Write a call as a file.
    #[command(after_help = "Example: fairway call export IE-2017 > innovation-express-2017.json")]
    Export {
        /// The call's code.
        code: String,
        /// Where to write; to the screen when it is missing.
        #[arg(long, value_name = "FILE")]
        to: Option<PathBuf>,
    },
    /// Print the JSON Schema of call files.
    #[command(after_help = "Example: fairway call schema > call-file.schema.json")]
    Schema,
}

/// # Errors
/// Whatever the command says; mistakes of a file are printed one per line before.
pub async fn run(place: &Place, command: CallCommand) -> anyhow::Result<()> {
    match command {
        CallCommand::Import { file } => import(place, &file).await,
        CallCommand::Export { code, to } => export(place, code, to.as_deref()).await,
        CallCommand::Schema => {
            print!("{}", crate::calls::archive::SCHEMA);
            Ok(())
        }
    }
}

async fn import(place: &Place, path: &Path) -> anyhow::Result<()> {
    let shown = path.display();
    let bytes = tokio::fs::read(path).await.with_context(|| format!("{shown} cannot be read"))?;
    let text = String::from_utf8(bytes).map_err(|e| {
        let line = e.as_bytes()[..e.utf8_error().valid_up_to()].iter().filter(|&&b| b == b'\n').count() + 1;
        anyhow!("{shown}: line {line}: this is not UTF-8 text")
    })?;
    let file = read(&text).map_err(|mistakes| {
        for mistake in &mistakes {
            eprintln!("{shown}: {mistake}");
        }
        anyhow!("{shown} has {}; nothing was imported", counted(mistakes.len(), "mistake"))
    })?;
    for warning in file.findings().into_iter().filter(|f| f.severity == Severity::Warning) {
        eprintln!("{shown}: note: {}: {}", warning.at, warning.message);
    }
    let app = open::open(place, &open::settings(place)?).await?;
    app.database().migrate().await?;
    let (code, title, annexes) = (file.code.clone(), file.call.title.clone(), file.annexes.len());
    match app.run(&Actor::System("fairway call import"), ImportCall(file)).await {
        Ok(_) => {
            println!("Imported {code} as a draft: {title}, {}.", counted(annexes, "annex"));
            Ok(())
        }
        Err(AppError::Invalid(errors)) => {
            for (place, message) in errors.list() {
                eprintln!("{shown}: {place}: {message}");
            }
            Err(anyhow!("{shown} was not imported"))
        }
        Err(error) => Err(error.into()),
    }
}

fn counted(n: usize, noun: &str) -> String {
    match (n, noun) {
        (1, noun) => format!("1 {noun}"),
        (n, "annex") => format!("{n} annexes"),
        (n, noun) => format!("{n} {noun}s"),
    }
}

async fn export(place: &Place, code: String, to: Option<&Path>) -> anyhow::Result<()> {
    let app = open::open_to_read(place).await?;
    let file = match app.ask(&Actor::System("fairway call export"), ExportCall(code.clone())).await {
        Err(AppError::NotFound) => return Err(anyhow!("there is no call with the code {code}")),
        other => other?,
    };
    match to {
        Some(path) => {
            tokio::fs::write(path, write(&file)).await.with_context(|| format!("{} cannot be written", path.display()))
        }
        None => {
            print!("{}", write(&file));
            Ok(())
        }
    }
}
