//! The program `fairway`.

use std::process::ExitCode;

fn main() -> ExitCode {
    match fairway::cli::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("fairway: {error:#}");
            ExitCode::FAILURE
        }
    }
}
