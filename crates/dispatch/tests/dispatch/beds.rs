//! Where the deliveries of a test are: an SQLite file or a PostgreSQL schema of its own, for this process and for others.

use std::path::{Path, PathBuf};

use countersign::dispatch::SqliteStore;
use tempfile::TempDir;

use crate::stores::TestStore;

/// A place for deliveries that is gone with the test.
pub enum Bed {
    Sqlite(TempDir),
    #[cfg(feature = "postgres")]
    Postgres {
        pool: deadpool_postgres::Pool,
        address: String,
    },
}

impl Bed {
    pub fn sqlite() -> Self {
        Self::Sqlite(tempfile::tempdir().unwrap())
    }

    /// For processes that the test starts, too.
    pub fn address(&self) -> String {
        match self {
            Self::Sqlite(folder) => format!("sqlite|{}", folder.path().join("deliveries").display()),
            #[cfg(feature = "postgres")]
            Self::Postgres { address, .. } => address.clone(),
        }
    }

    /// The file.
    pub fn path(&self) -> PathBuf {
        Path::new(self.address().split_once('|').unwrap().1).into()
    }

    /// A store of its own on what is there, as another process or a restart has it.
    pub async fn open(&self) -> TestStore {
        connect(&self.address()).await
    }

    /// Into the file, behind the store's back.
    pub fn connection(&self) -> rusqlite::Connection {
        let connection = rusqlite::Connection::open(self.path()).unwrap();
        connection.busy_timeout(core::time::Duration::from_secs(60)).unwrap();
        connection
    }

    /// Changes something behind the store's back.
    pub async fn sql(&self, sql: &str) {
        match self {
            Self::Sqlite(_) => self.connection().execute_batch(sql).unwrap(),
            #[cfg(feature = "postgres")]
            Self::Postgres { pool, .. } => pool.get().await.unwrap().batch_execute(sql).await.unwrap(),
        }
    }

    /// Looks at numbers behind the store's back.
    pub async fn numbers(&self, sql: &str) -> Vec<i64> {
        match self {
            Self::Sqlite(_) => {
                let connection = self.connection();
                let mut statement = connection.prepare(sql).unwrap();
                let rows = statement.query_map([], |row| row.get(0)).unwrap();
                rows.map(Result::unwrap).collect()
            }
            #[cfg(feature = "postgres")]
            Self::Postgres { pool, .. } => {
                let rows = pool.get().await.unwrap().query(sql, &[]).await.unwrap();
                rows.iter().map(|row| row.get(0)).collect()
            }
        }
    }
}

/// The store at an address.
pub async fn connect(address: &str) -> TestStore {
    match address.split_once('|').unwrap() {
        ("sqlite", path) => SqliteStore::open(path).unwrap().into(),
        #[cfg(feature = "postgres")]
        ("postgres", _) => countersign::dispatch::PostgresStore::open(postgres::pool(address)).await.unwrap().into(),
        _ => panic!("{address}"),
    }
}

#[cfg(feature = "postgres")]
mod postgres {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod};
    use tokio_postgres::{Config, NoTls};

    use super::Bed;
    use crate::postgres_server::PostgresServer;

    static SERVER: OnceLock<Option<PostgresServer>> = OnceLock::new();
    static BEDS: AtomicUsize = AtomicUsize::new(0);

    impl Bed {
        /// `None` where PostgreSQL is not installed.
        pub async fn postgres() -> Option<Self> {
            let server = SERVER.get_or_init(PostgresServer::start).as_ref()?;
            let schema = format!("test_{}", BEDS.fetch_add(1, Ordering::SeqCst));
            let address = format!("postgres|{}|{schema}", server.host().display());
            let pool = pool(&address);
            let create = format!("CREATE SCHEMA {schema}");
            pool.get().await.unwrap().batch_execute(&create).await.unwrap();
            Some(Self::Postgres { pool, address })
        }
    }

    pub fn pool(address: &str) -> Pool {
        let mut parts = address.split('|').skip(1);
        let (host, schema) = (parts.next().unwrap(), parts.next().unwrap());
        let mut config = Config::new();
        config.host_path(host).user("test").dbname("postgres").application_name(schema);
        config.options(format!("-c search_path={schema}"));
        let manager = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        Pool::builder(Manager::from_config(config, NoTls, manager)).max_size(4).build().unwrap()
    }
}

/// Runs each of these on both stores.
macro_rules! on_both_stores {
    ($($test:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test($crate::beds::Bed::sqlite()).await;
            })+
        }
        #[cfg(feature = "postgres")]
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                let Some(bed) = $crate::beds::Bed::postgres().await else { return };
                super::$test(bed).await;
            })+
        }
    };
}
