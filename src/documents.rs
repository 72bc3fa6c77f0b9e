//! The Rust blocks of the documents as doc tests. This module exists only while rustdoc collects tests: no build has
//! it.

#[doc = include_str!("../README.md")]
mod readme {}

#[doc = include_str!("../docs/custom-schemes.md")]
mod custom_schemes {}

#[cfg(feature = "endpoint")]
#[doc = include_str!("../docs/endpoints.md")]
mod endpoints {}

#[cfg(feature = "diagnose")]
#[doc = include_str!("../docs/explain.md")]
mod explain {}

#[cfg(feature = "memory")]
#[doc = include_str!("../docs/once.md")]
mod once {}

#[doc = include_str!("../docs/receive.md")]
mod receive {}

#[cfg(feature = "dispatch")]
#[doc = include_str!("../docs/send.md")]
mod send {}

#[doc = include_str!("../docs/testing.md")]
mod testing {}
