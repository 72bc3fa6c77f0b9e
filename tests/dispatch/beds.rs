//! Where deliveries are in a test: an SQLite file or a PostgreSQL schema of its own, for this process and for others.

use core::future::Future;
use std::path::PathBuf;

use countersign::dispatch::{SqliteStore, Store};
use tempfile::TempDir;

/// A place for deliveries that is gone with the test.
pub trait Bed: Send + Sync + 'static {
    type Store: Store + Clone;

    /// A store of its own on what is there, as another process or a restart has it.
    fn open(&self) -> impl Future<Output = Self::Store> + Send;

    /// Changes something behind the store's back.
    fn sql(&self, sql: &str) -> impl Future<Output = ()> + Send;

    /// Looks at numbers behind the store's back.
    fn numbers(&self, sql: &str) -> impl Future<Output = Vec<i64>> + Send;

    /// For processes that the test starts.
    fn address(&self) -> String;
}

pub struct SqliteBed {
    folder: TempDir,
}

impl SqliteBed {
    pub async fn new() -> Option<Self> {
        Some(Self { folder: tempfile::tempdir().unwrap() })
    }

    pub fn path(&self) -> PathBuf {
        self.folder.path().join("deliveries")
    }

    pub fn connection(&self) -> rusqlite::Connection {
        let connection = rusqlite::Connection::open(self.path()).unwrap();
        connection.busy_timeout(core::time::Duration::from_secs(60)).unwrap();
        connection
    }
}

impl Bed for SqliteBed {
    type Store = SqliteStore;

    async fn open(&self) -> SqliteStore {
        SqliteStore::open(self.path()).unwrap()
    }

    async fn sql(&self, sql: &str) {
        self.connection().execute_batch(sql).unwrap();
    }

    async fn numbers(&self, sql: &str) -> Vec<i64> {
        let connection = self.connection();
        let mut statement = connection.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.map(Result::unwrap).collect()
    }

    fn address(&self) -> String {
        format!("sqlite|{}", self.path().display())
    }
}

#[cfg(feature = "dispatch-postgres")]
pub use postgres::{PostgresBed, connect};

#[cfg(feature = "dispatch-postgres")]
mod postgres {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use countersign::dispatch::PostgresStore;
    use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod};
    use tokio_postgres::{Config, NoTls};

    use super::Bed;
    use crate::postgres_server::PostgresServer;

    static SERVER: OnceLock<Option<PostgresServer>> = OnceLock::new();
    static BEDS: AtomicUsize = AtomicUsize::new(0);

    pub struct PostgresBed {
        pub pool: Pool,
        address: String,
    }

    impl PostgresBed {
        pub async fn new() -> Option<Self> {
            let server = SERVER.get_or_init(PostgresServer::start).as_ref()?;
            let schema = format!("test_{}", BEDS.fetch_add(1, Ordering::SeqCst));
            let address = format!("postgres|{}|{schema}", server.host().display());
            let pool = pool(&address);
            let create = format!("CREATE SCHEMA {schema}");
            pool.get().await.unwrap().batch_execute(&create).await.unwrap();
            Some(Self { pool, address })
        }
    }

    fn pool(address: &str) -> Pool {
        let mut parts = address.split('|').skip(1);
        let (host, schema) = (parts.next().unwrap(), parts.next().unwrap());
        let mut config = Config::new();
        config.host_path(host).user("test").dbname("postgres").application_name(schema);
        config.options(format!("-c search_path={schema}"));
        let manager = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        Pool::builder(Manager::from_config(config, NoTls, manager)).max_size(4).build().unwrap()
    }

    /// The store at an address, from another process.
    pub async fn connect(address: &str) -> PostgresStore {
        PostgresStore::open(pool(address)).await.unwrap()
    }

    impl Bed for PostgresBed {
        type Store = PostgresStore;

        async fn open(&self) -> PostgresStore {
            connect(&self.address).await
        }

        async fn sql(&self, sql: &str) {
            self.pool.get().await.unwrap().batch_execute(sql).await.unwrap();
        }

        async fn numbers(&self, sql: &str) -> Vec<i64> {
            let rows = self.pool.get().await.unwrap().query(sql, &[]).await.unwrap();
            rows.iter().map(|row| row.get(0)).collect()
        }

        fn address(&self) -> String {
            self.address.clone()
        }
    }
}

/// Runs each of these on both stores.
macro_rules! on_both_stores {
    ($($test:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test($crate::beds::SqliteBed::new().await.unwrap()).await;
            })+
        }
        #[cfg(feature = "dispatch-postgres")]
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                let Some(bed) = $crate::beds::PostgresBed::new().await else { return };
                super::$test(bed).await;
            })+
        }
    };
}
