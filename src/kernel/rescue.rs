//! Work in the background that panics has failed; whoever does it goes on with the next.

use futures_util::FutureExt;
use std::{any::Any, future::Future, panic::AssertUnwindSafe};

/// What a piece of work said when it panicked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a fault in the program: {0}")]
pub struct Panicked(String);

/// Does some work and catches its panic. What the work held is dropped on the way, so that a transaction it was in
/// is undone and no lock stays behind.
///
/// # Errors
/// When the work panicked.
pub async fn rescued<T>(work: impl Future<Output = T>) -> Result<T, Panicked> {
    AssertUnwindSafe(work).catch_unwind().await.map_err(|panic| Panicked(said(panic.as_ref())))
}

fn said(panic: &(dyn Any + Send)) -> String {
    let words = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    words.unwrap_or("no reason was given").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_told_and_everything_else_goes_through() {
        assert_eq!(rescued(async { 7 }).await, Ok(7));
        let fixed = rescued(async { panic!("out of paper") }).await;
        assert_eq!(fixed, Err::<(), _>(Panicked("out of paper".to_owned())));
        let written = rescued(async { panic!("{} sheets are missing", 3) }).await;
        assert_eq!(
            written.map_err(|p| p.to_string()),
            Err::<(), _>("a fault in the program: 3 sheets are missing".to_owned())
        );
    }
}
