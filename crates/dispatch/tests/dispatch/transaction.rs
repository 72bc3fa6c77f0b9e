//! Enqueuing inside a transaction of the caller's own: with a rollback nothing has happened, with a commit it is sent.

use countersign::dispatch::{DispatchCode, SqliteStore};

use crate::beds::Bed;
use crate::receiver::{Receiver, Reply};
use crate::setup::{Setup, event, run_until_empty};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_enqueues_with_the_caller() {
    let receiver = Receiver::start(|_, _| Reply::status(200)).await;
    let setup = Setup::new(Bed::sqlite(), &receiver).await;
    let mut connection = setup.bed.connection();
    connection.execute_batch("CREATE TABLE invoice (id TEXT PRIMARY KEY)").unwrap();
    for (id, commits) in [("evt_rollback", false), ("evt_commit", true)] {
        let transaction = connection.transaction().unwrap();
        transaction.execute("INSERT INTO invoice VALUES (?1)", [id]).unwrap();
        let new = setup.dispatcher.deliveries(&event(id)).unwrap();
        assert_eq!(SqliteStore::enqueue_in(&transaction, &new), Ok(1));
        assert_eq!(SqliteStore::enqueue_in(&transaction, &new), Ok(0));
        if commits { transaction.commit() } else { transaction.rollback() }.unwrap();
        assert_eq!(setup.dispatcher.depth().await, Ok(commits.into()));
    }
    run_until_empty(&setup.dispatcher).await;
    assert_eq!(receiver.ids(), [("evt_commit".to_string(), 1)].into());
    let none = rusqlite::Connection::open_in_memory().unwrap();
    let new = setup.dispatcher.deliveries(&event("evt_3")).unwrap();
    assert_eq!(SqliteStore::enqueue_in(&none, &new).unwrap_err().code(), DispatchCode::StoreFailed);
}

#[cfg(feature = "postgres")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_enqueues_with_the_caller() {
    use countersign::dispatch::PostgresStore;

    let Some(bed) = Bed::postgres().await else { return };
    let receiver = Receiver::start(|_, _| Reply::status(200)).await;
    let setup = Setup::new(bed, &receiver).await;
    let Bed::Postgres { pool, .. } = &setup.bed else { panic!() };
    let mut client = pool.get().await.unwrap();
    client.batch_execute("CREATE TABLE invoice (id TEXT PRIMARY KEY)").await.unwrap();
    for (id, commits) in [("evt_rollback", false), ("evt_commit", true)] {
        let transaction = client.transaction().await.unwrap();
        transaction.execute("INSERT INTO invoice VALUES ($1)", &[&id]).await.unwrap();
        let new = setup.dispatcher.deliveries(&event(id)).unwrap();
        assert_eq!(PostgresStore::enqueue_in(&transaction, &new).await, Ok(1));
        assert_eq!(PostgresStore::enqueue_in(&transaction, &new).await, Ok(0));
        if commits { transaction.commit().await } else { transaction.rollback().await }.unwrap();
        assert_eq!(setup.dispatcher.depth().await, Ok(commits.into()));
    }
    run_until_empty(&setup.dispatcher).await;
    assert_eq!(receiver.ids(), [("evt_commit".to_string(), 1)].into());
    // A transaction that has failed already.
    let transaction = client.transaction().await.unwrap();
    transaction.batch_execute("nonsense").await.unwrap_err();
    let new = setup.dispatcher.deliveries(&event("evt_3")).unwrap();
    let error = PostgresStore::enqueue_in(&transaction, &new).await.unwrap_err();
    assert_eq!(error.code(), DispatchCode::StoreFailed);
}
