//! Remembers in Redis or Valkey, for receivers on several machines. Each step is one atomic script on one key.
//!
//! A key is `countersign:` and the replay key. Its value is the token of the claim that holds it, or `done`. Redis ends
//! leases, and forgets what is done, by its own clock.

use core::fmt;
use core::time::Duration;
use std::boxed::Box;
use std::format;
use std::string::String;

use countersign_core::{Claim, Token};
use redis::aio::{ConnectionLike, ConnectionManager};
use redis::{Client, FromRedisValue, RedisError};

use super::handle::{ReplayStore, StoreError, StoreFuture};

/// A [`ReplayStore`] in Redis or Valkey, shared by every receiver that uses the same server and prefix.
///
/// The server must not evict keys under memory pressure (`maxmemory-policy noeviction`): an evicted key is a delivery
/// that is handled again. The same holds for keys that are lost when the server restarts without its append-only file.
#[derive(Clone)]
pub struct RedisStore<C = ConnectionManager> {
    connection: C,
    prefix: String,
}

// The npm package sends the same scripts, since both languages may share a server: `cargo xtask generate` copies them.
const CLAIM: &str = include_str!("redis/claim.lua");
// A key whose lease is over, and which nobody has claimed since, may still be committed: its handler was slow, but it
// has succeeded.
const COMMIT: &str = include_str!("redis/commit.lua");
const RELEASE: &str = include_str!("redis/release.lua");

impl RedisStore {
    /// Connects to `redis://…`, `rediss://…` (with a TLS feature of the crate `redis`) or `redis+unix://…`, and
    /// connects again after a failure.
    ///
    /// # Errors
    /// The address cannot be read, or there is no server.
    pub async fn connect(url: &str) -> Result<Self, RedisError> {
        Ok(Self::new(Client::open(url)?.get_connection_manager().await?))
    }
}

impl<C: ConnectionLike + Clone + Send + Sync> RedisStore<C> {
    /// Uses a connection of yours, such as one to a cluster. It is cloned for each step.
    pub fn new(connection: C) -> Self {
        Self { connection, prefix: "countersign:".into() }
    }

    /// Puts something else than `countersign:` before each key: receivers that share a server but not their handlers
    /// need different prefixes.
    #[must_use]
    pub fn prefix(mut self, prefix: &str) -> Self {
        self.prefix = prefix.into();
        self
    }

    async fn run<T: FromRedisValue>(&self, script: &str, token: &Token, length: Duration) -> Result<T, StoreError> {
        let mut connection = self.connection.clone();
        let mut command = redis::cmd("EVAL");
        let key = format!("{}{}", self.prefix, token.replay_key());
        command.arg(script).arg(1).arg(key).arg(format!("{:032x}", token.claim())).arg(milliseconds(length));
        command.query_async(&mut connection).await.map_err(StoreError::new)
    }
}

impl<C: ConnectionLike + Clone + Send + Sync> ReplayStore for RedisStore<C> {
    fn claim<'a>(&'a self, replay_key: &'a str, lease: Duration) -> StoreFuture<'a, Claim> {
        Box::pin(async move {
            let token = Token::new(replay_key, random()?);
            let (state, left): (String, i64) = self.run(CLAIM, &token, lease).await?;
            Ok(match state.as_str() {
                "new" => Claim::New(token),
                "done" => Claim::Done,
                _ => {
                    let seconds = u64::try_from(left).unwrap_or_default().div_ceil(1000).max(1);
                    Claim::InProgress(Duration::from_secs(seconds))
                }
            })
        })
    }

    fn commit<'a>(&'a self, token: &'a Token, keep: Duration) -> StoreFuture<'a, bool> {
        Box::pin(self.run(COMMIT, token, keep))
    }

    fn release<'a>(&'a self, token: &'a Token) -> StoreFuture<'a, bool> {
        Box::pin(self.run(RELEASE, token, Duration::ZERO))
    }
}

/// Redis refuses zero, and lengths that end after the year 292 million.
fn milliseconds(length: Duration) -> u64 {
    length.as_secs().clamp(1, u32::MAX.into()) * 1000
}

/// 128 random bits.
fn random() -> Result<u128, StoreError> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(StoreError::new)?;
    Ok(u128::from_be_bytes(bytes))
}

// A connection may know a password.
impl<C> fmt::Debug for RedisStore<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisStore").field("prefix", &self.prefix).finish_non_exhaustive()
    }
}
