//! What providers are called: by users, as Rust modules, as TypeScript namespaces.

use countersign::Provider;

/// The module of a provider: `standard_webhooks`.
pub(crate) fn module_of(provider: &str) -> String {
    provider.replace('-', "_")
}

/// The namespace with a provider's types: `StandardWebhooks`.
pub(crate) fn namespace_of(provider: Provider) -> String {
    provider.title().replace(' ', "")
}
