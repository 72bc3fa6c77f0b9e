//! The thread that owns the connection. Work that has come in together is done in one transaction, so that many callers
//! share one write to the disk.

use std::sync::mpsc;

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::clock::Clock;
use crate::error::DispatchError;

/// Tells a caller the result of its work, once it is known whether the work is on the disk.
type Answer = Box<dyn FnOnce(Option<DispatchError>) + Send>;
type Work = Box<dyn FnOnce(Result<&Connection, DispatchError>) -> Result<Answer, (DispatchError, Answer)> + Send>;

/// How many pieces of work share a transaction. With more, the first callers would only wait longer.
const BATCH: usize = 256;

/// A handle of the thread, which ends when the last handle is gone.
#[derive(Clone)]
pub(super) struct Thread {
    queue: mpsc::Sender<Work>,
    clock: Clock,
}

impl Thread {
    pub(super) fn start(connection: Connection) -> Result<Self, DispatchError> {
        let (queue, work) = mpsc::channel();
        std::thread::Builder::new()
            .name("countersign-sqlite".into())
            .spawn(move || serve(&connection, &work))
            .map_err(|error| DispatchError::store(&error))?;
        Ok(Self { queue, clock: Clock::start() })
    }

    /// Runs this work on the thread. The time that it gets is that of its turn, not of this call.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection, i64) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, DispatchError> {
        let clock = self.clock;
        let (answer, answered) = oneshot::channel();
        let work = move |connection: Result<&Connection, DispatchError>| match connection
            .and_then(|connection| work(connection, clock.now_ms()).map_err(|error| DispatchError::store(&error)))
        {
            Ok(value) => Ok(Box::new(move |failed: Option<DispatchError>| {
                drop(answer.send(failed.map_or(Ok(value), Err)));
            }) as Answer),
            Err(error) => {
                let answer = move |failed: Option<DispatchError>| drop(answer.send(failed.map_or_else(gone, Err)));
                Err((error, Box::new(answer) as Answer))
            }
        };
        self.queue.send(Box::new(work)).or_else(|_| gone())?;
        answered.await.unwrap_or_else(|_| gone())
    }
}

fn gone<T>() -> Result<T, DispatchError> {
    Err(DispatchError::store(&"The thread of the store has ended"))
}

/// Works until every handle is gone.
fn serve(connection: &Connection, queue: &mpsc::Receiver<Work>) {
    while let Ok(first) = queue.recv() {
        let mut answers = Vec::new();
        let begun = connection.execute_batch("BEGIN IMMEDIATE").map_err(|error| DispatchError::store(&error));
        let mut failed = None;
        for work in core::iter::once(first).chain(queue.try_iter().take(BATCH)) {
            match work(begun.clone().map(|()| connection)) {
                Ok(answer) => answers.push(answer),
                Err((error, answer)) => {
                    answers.push(answer);
                    // A full disk may have ended the transaction already: nothing more may run in it.
                    failed = Some(error);
                    break;
                }
            }
        }
        if failed.is_none() {
            failed = connection.execute_batch("COMMIT").err().map(|error| DispatchError::store(&error));
        }
        if failed.is_some() && !connection.is_autocommit() {
            // If the rollback fails too, so does the next BEGIN, and its caller is told.
            drop(connection.execute_batch("ROLLBACK"));
        }
        for answer in answers {
            answer(failed.clone());
        }
    }
}
