//! The dispatcher on real parts: TLS receivers that misbehave, resolvers that lie, SQLite files, a PostgreSQL, a disk that is
//! full, and processes that are killed. Every test runs on both stores.
#![cfg(unix)]
#![allow(unreachable_pub, missing_docs, missing_debug_implementations)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[cfg(feature = "postgres")]
#[path = "../support/postgres_server.rs"]
mod postgres_server;
#[path = "../support/receiver.rs"]
mod receiver;

#[macro_use]
mod beds;
mod answers;
mod breaker;
mod by_hand;
mod clocks;
mod deliver;
mod fairness;
mod full_disk;
mod guard;
mod kills;
mod leases;
mod log;
mod many_workers;
mod schema;
mod secrecy;
mod setup;
mod shutdown;
mod store_fails;
mod stores;
mod tls;
mod transaction;
