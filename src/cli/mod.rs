//! The program's commands.

pub mod backup;
mod call;
pub mod check;
mod demo;
mod open;
pub mod restore;
mod serve;

use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// Joint calls of funding agencies for clusters and their SMEs.
#[derive(Parser)]
#[command(name = "fairway", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    place: Place,
}

/// Where Fairway keeps its data and how it is reached.
#[derive(Args, Clone)]
pub struct Place {
    /// Folder for the database file and the uploaded files [default: data; of the demo: data/demo].
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Database instead of the SQLite file: postgres://user:password@host/name.
    #[arg(long, global = true, value_name = "URL")]
    pub database: Option<String>,
    /// Port to listen on.
    #[arg(long, global = true, value_name = "N")]
    pub port: Option<String>,
    /// Settings file; the commented defaults are printed by `fairway config`.
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

impl Place {
    /// The data folder, or this one where none was named.
    fn data_or(&self, usual: &str) -> PathBuf {
        self.data.clone().unwrap_or_else(|| usual.into())
    }

    /// The data folder.
    pub fn data(&self) -> PathBuf {
        self.data_or("data")
    }
}

#[derive(Subcommand)]
enum Command {
    /// Serve the application.
    #[command(after_help = "Example: fairway serve --data /srv/fairway --port 8080")]
    Serve,
    /// Make somebody an administrator and print a link to set a password.
    #[command(after_help = "Example: fairway admin you@example.org --data /srv/fairway")]
    Admin {
        /// The e-mail address to sign in with.
        email: String,
    },
    /// Serve a demonstration: the call of 2017 at four moments, with people to be.
    #[command(after_help = "Example: fairway demo --data /tmp/fairway-demo --port 8080")]
    Demo,
    /// Bring the tables of the database up to date.
    #[command(after_help = "Example: fairway migrate --database postgres://fairway@localhost/fairway")]
    Migrate,
    /// Bring calls in from files and write them out.
    #[command(subcommand, after_help = "Example: fairway call import innovation-express-2017.json")]
    Call(call::CallCommand),
    /// Check that the data is whole: activity log, rules about the data, files. Fails when something is wrong.
    #[command(after_help = "Example: fairway check --data /srv/fairway --bytes")]
    Check {
        /// Read every file and compare it with its checksum.
        #[arg(long)]
        bytes: bool,
    },
    /// Write database and files into one archive, while Fairway goes on.
    #[command(after_help = "Example: fairway backup --data /srv/fairway fairway-2026-11-23.zip")]
    Backup {
        #[arg(value_name = "FILE.zip")]
        file: PathBuf,
    },
    /// Fill an empty place from a backup.
    #[command(after_help = "Example: fairway restore --data /srv/fairway-new fairway-2026-11-23.zip")]
    Restore {
        #[arg(value_name = "FILE.zip")]
        file: PathBuf,
    },
    /// Print who may do what.
    #[command(after_help = "Example: fairway permissions")]
    Permissions,
    /// Print the specification of the JSON API.
    #[command(after_help = "Example: fairway openapi > openapi.json")]
    Openapi,
    /// Print the settings with their defaults.
    #[command(after_help = "Example: fairway config > fairway.toml")]
    Config,
}

/// Runs the program.
///
/// # Errors
/// Whatever the command says.
pub fn run() -> anyhow::Result<()> {
    let cli = Cli::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        match cli.command {
            Command::Serve => serve::serve(&cli.place).await,
            Command::Admin { email } => open::appoint(&cli.place, &email).await,
            Command::Demo => demo::demo(&cli.place).await,
            Command::Migrate => open::migrate(&cli.place).await,
            Command::Call(command) => call::run(&cli.place, command).await,
            Command::Check { bytes } => check::check(&cli.place, bytes).await,
            Command::Backup { file } => backup::backup(&cli.place, &file).await,
            Command::Restore { file } => restore::restore(&cli.place, &file).await,
            Command::Permissions => {
                print!("{}", crate::kernel::access::policy::table());
                Ok(())
            }
            Command::Openapi => {
                println!("{}", crate::server::description(""));
                Ok(())
            }
            Command::Config => {
                print!("{}", crate::config::DEFAULTS);
                Ok(())
            }
        }
    })
}
