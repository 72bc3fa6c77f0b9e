//! GitHub: HMAC-SHA256 over the body in `X-Hub-Signature-256`; no timestamp, no signed id.

use alloc::string::String;
use core::time::Duration;

use crate::envelope::{object, payload};
use crate::habits::Habits;
use crate::provider::{About, Dialect, Preset, Sent, Signs};
use crate::scheme::Scheme;

/// How the provider signs. Facts: <https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries>.
pub(crate) static PRESET: Preset = Preset {
    name: "github",
    dialects: &[Dialect {
        name: "default",
        auto: true,
        scheme: || Scheme::hmac_sha256("X-Hub-Signature-256").prefix("sha256="),
    }],
    wrong_kinds: &[
        ("ghp_", "This is a personal access token: copy the secret of the webhook."),
        ("github_pat_", "This is a personal access token: copy the secret of the webhook."),
        ("gho_", "This is an OAuth access token: copy the secret of the webhook."),
        ("ghu_", "This is a token of a GitHub App: copy the secret of the webhook."),
        ("ghs_", "This is a token of a GitHub App: copy the secret of the webhook."),
        ("ghr_", "This is a refresh token: copy the secret of the webhook."),
    ],
    retry_horizon: Duration::from_secs(3 * 86_400),
    detectable: true,
};

/// What else is known about the provider.
pub(crate) static ABOUT: About = About {
    title: "GitHub",
    docs: "https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries",
    signs: Signs::IfConfigured,
    instead: &[
        (
            "X-Hub-Signature",
            "sha1=",
            "Only X-Hub-Signature is there, a SHA-1, which is not accepted: update GitHub Enterprise Server, or pass on X-Hub-Signature-256 as well.",
        ),
        (
            "X-Hub-Signature",
            "sha256=",
            "X-Hub-Signature holds a SHA-256, which GitHub does not write: if it is Bitbucket, describe it as a scheme of your own with this header.",
        ),
    ],
    covers: "the body",
    not_covered: "X-GitHub-Event, X-GitHub-Delivery; there is no timestamp",
    form: Some("payload"),
    largest_body: 25 << 20,
    difference,
    shapes: &[],
    sends: &[
        ("Content-Type", Sent::Fixed("application/json")),
        ("X-GitHub-Event", Sent::EventType),
        ("X-GitHub-Delivery", Sent::DeliveryId),
    ],
    retries: None,
    events: EVENTS,
};

/// How it writes its JSON: pings, pushes and issues; users and repositories are in most other events too.
pub(crate) static HABITS: Habits = Habits {
    key_order: "zen hook_id hook repository sender|type id name active events config|content_type insecure_ssl url|ref before \
    after created deleted forced base_ref compare commits head_commit repository organization pusher sender|action \
    number issue pull_request ref before after repository pusher organization installation \
    sender created deleted forced base_ref compare commits head_commit|login id node_id avatar_url gravatar_id url \
    html_url type site_admin|id node_id name full_name private owner html_url description fork url created_at \
    updated_at pushed_at homepage size stargazers_count language forks open_issues watchers default_branch|url \
    repository_url html_url id node_id number title user labels state locked assignee assignees milestone comments \
    created_at updated_at closed_at author_association body",
    is_certain: true,
    hints: &[
        "A repository, its organization and a GitHub App have webhooks of their own, each with its own secret.",
        "GitHub never shows a secret again: if nobody knows it, set a new one in the settings of the webhook.",
    ],
    ..Habits::UNKNOWN
};

object! {
    /// A body of any event. It does not say which event it is: the unsigned header `X-GitHub-Event` does.
    Body {
        optional {
            /// What happened, for the events that have kinds: `opened`, `closed`.
            action: String,
            /// Who did it.
            sender: Account,
            /// Where it happened.
            repository: Repository,
            /// The organization that the repository or the webhook belongs to.
            organization: Account,
            /// The installation of the GitHub App that receives the event.
            installation: Installation,
        }
    }
}

object! {
    /// A user, a bot or an organization.
    Account {
        optional {
            /// The id, which stays when the name changes.
            id: i64,
            /// The name in links.
            login: String,
            /// `User`, `Bot` or `Organization`; organizations leave it out.
            r#type: String,
        }
    }
}

object! {
    /// A repository.
    Repository {
        optional {
            /// The id, which stays when the name changes.
            id: i64,
            /// The name without its owner.
            name: String,
            /// Owner and name: `octocat/hello-world`.
            full_name: String,
            /// Whether it is private.
            private: bool,
            /// Who owns it.
            owner: Account,
            /// The page of the repository.
            html_url: String,
            /// The branch that pull requests go to by default.
            default_branch: String,
        }
    }
}

object! {
    /// An installation of a GitHub App.
    Installation {
        optional {
            /// The id to ask for access tokens with.
            id: i64,
        }
    }
}

payload! {
    /// The typed payload.
    {} other Body
}
