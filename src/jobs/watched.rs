//! One long run beside the threads that answer people, with its progress told while it runs.

use super::Task;
use crate::kernel::{AppError, Result};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::Duration,
};

/// How often a run tells how far it is and asks whether it is still wanted.
const PAUSE: Duration = Duration::from_millis(500);
/// Progress is told in hundredths of the whole.
const WHOLE: usize = 100;

/// What a run and whoever watches it tell each other.
#[derive(Default)]
pub struct Wire {
    done: AtomicU32,
    stop: AtomicBool,
}

impl Wire {
    /// Notes how far the run is in hundredths, never backwards, and says whether to go on.
    pub fn tell(&self, done: u32) -> bool {
        self.done.fetch_max(done, Ordering::Relaxed);
        !self.stop.load(Ordering::Relaxed)
    }
}

/// Runs something long, and tells how far it is until it ends or is wanted no longer.
///
/// # Errors
/// When the run panics.
pub async fn watched<T, W, F>(task: &Task, work: impl FnOnce(Arc<Wire>) -> T + Send + 'static, wanted: W) -> Result<T>
where
    T: Send + 'static,
    W: Fn() -> F,
    F: Future<Output = Result<bool>>,
{
    let wire = Arc::new(Wire::default());
    let theirs = wire.clone();
    let mut run = tokio::task::spawn_blocking(move || work(theirs));
    loop {
        tokio::select! {
            ended = &mut run => return ended.map_err(|error| AppError::Broken(error.into())),
            () = tokio::time::sleep(PAUSE) => {
                task.progress(wire.done.load(Ordering::Relaxed) as usize, WHOLE).await;
                // A question that cannot be asked now is asked again.
                if matches!(wanted().await, Ok(false)) {
                    wire.stop.store(true, Ordering::Relaxed);
                }
            }
        }
    }
}
