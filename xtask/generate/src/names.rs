//! What providers are called: by users, as Rust modules, as TypeScript namespaces.

use anyhow::Result;
use countersign::Provider;

use crate::paths;

/// The module of a provider: `standard_webhooks`.
pub(crate) fn module_of(provider: &str) -> String {
    provider.replace('-', "_")
}

/// The provider of a module: `standard-webhooks`.
pub(crate) fn provider_of(module: &str) -> String {
    module.replace('_', "-")
}

/// The namespace with a provider's types: `StandardWebhooks`.
pub(crate) fn namespace_of(provider: Provider) -> String {
    provider.title().replace(' ', "")
}

/// The modules that are there as files.
pub(crate) fn modules() -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(paths::providers())? {
        let path = entry?.path();
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        if stem != "mod" && path.extension().is_some_and(|extension| extension == "rs") {
            names.push(stem.to_owned());
        }
    }
    names.sort();
    Ok(names)
}
