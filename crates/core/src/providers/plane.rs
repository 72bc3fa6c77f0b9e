//! Plane: HMAC-SHA256 over the body in `X-Plane-Signature`; no timestamp, no signed id in v1.

use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::envelope::{Extra, payload};
use crate::habits::{Habits, JsonSpacing, JsonStrings};
use crate::provider::{About, Dialect, Preset, Sent, Signs};
use crate::retries::{Retries, Waits};
use crate::scheme::Scheme;
use crate::shape::{Is, Part, Shape};
use crate::words;

/// How the provider signs. Facts: <https://developers.plane.so/dev-tools/intro-webhooks>.
pub(crate) static PRESET: Preset = Preset {
    name: "plane",
    dialects: &[Dialect { name: "default", auto: true, scheme: || Scheme::hmac_sha256("X-Plane-Signature") }],
    wrong_kinds: &[(
        "plane_api_",
        "This is an API token: copy the secret key of the webhook, which begins with plane_wh_.",
    )],
    retry_horizon: Duration::from_secs(86_400),
    detectable: true,
};

/// What else is known about the provider.
pub(crate) static ABOUT: About = About {
    title: "Plane",
    docs: "https://developers.plane.so/dev-tools/intro-webhooks",
    signs: Signs::Always,
    instead: &[],
    covers: "the body",
    not_covered: "X-Plane-Event, X-Plane-Delivery (new for every attempt); there is no timestamp",
    shapes: &[
        Shape {
            requires: &[("event_id", Is::Text), ("event", Is::Text)],
            event_type: &[Part::Field("event")],
            id: &["event_id"],
        },
        Shape {
            requires: &[("agent_run", Is::Object), ("action", Is::Text)],
            event_type: &[Part::Literal("agent_run."), Part::Field("action")],
            id: &[],
        },
        Shape {
            requires: &[("event", Is::Text), ("action", Is::Text)],
            event_type: &[
                Part::Field("event"),
                Part::Literal("."),
                Part::Renamed("action", &[("create", "created"), ("update", "updated"), ("delete", "deleted")]),
            ],
            id: &[],
        },
    ],
    sends: &[
        ("Content-Type", Sent::Fixed("application/json")),
        ("X-Plane-Event", Sent::BodyField("event")),
        ("X-Plane-Delivery", Sent::DeliveryId),
    ],
    retries: Some(Retries { waits: Waits::Doubling(600), most: 3, only_200: true }),
    events: EVENTS,
};

/// How it writes its JSON: with Python's `json.dumps`. Orders of v1.3.1 and before, and of version 2.
pub(crate) static HABITS: Habits = Habits {
    secret_prefix: "plane_wh_",
    spacing: JsonSpacing::Spaced,
    strings: JsonStrings::Ascii,
    float_keys: &["sort_order"],
    key_order: "event action webhook_id workspace_id workspace_slug data activity|field new_value old_value actor \
    old_identifier new_identifier|id first_name last_name email avatar avatar_url display_name|id labels assignees \
    state description created_at updated_at deleted_at point name description_json description_html \
    description_stripped description_binary priority start_date target_date sequence_id sort_order completed_at \
    archived_at is_draft external_source external_id created_by updated_by project workspace parent estimate_point \
    type|id cover_image_url created_at updated_at deleted_at name description description_text description_html \
    start_date end_date target_date status network identifier emoji icon_prop module_view cycle_view \
    issue_views_view page_view intake_view is_time_tracking_enabled is_issue_type_enabled guest_view_all_features \
    cover_image archive_in close_in view_props sort_order external_source external_id progress_snapshot logo_props \
    archived_at timezone version created_by updated_by project workspace owned_by lead members default_assignee \
    project_lead cover_image_asset estimate default_state|id created_at updated_at deleted_at comment_html \
    attachments access external_source external_id edited_at created_by updated_by project workspace description \
    issue actor parent|version delivery_id event_id entity_id entity_type event webhook_id workspace_id data \
    previous_attributes",
    others_sorted: false,
    is_certain: true,
    hints: &["Plane shows the secret once, when the webhook is made: if nobody has saved it, make a new webhook."],
};

/// The body of a v1 event, from every release: `action` had other words until 2024, and `activity` came then.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Envelope<T> {
    /// What it is about: `issue`, `project`.
    pub event: String,
    /// What happened to it.
    pub action: Action,
    /// The webhook that asked for the event.
    pub webhook_id: String,
    /// The workspace it happened in.
    pub workspace_id: String,
    /// The workspace's name in links; releases since June 2026.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workspace_slug: Option<String>,
    /// The thing itself; nothing but its id once it is deleted.
    pub data: T,
    /// What changed and who did it; releases since May 2024. `updated` comes once for each changed field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activity: Option<Activity>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

impl<T> Envelope<T> {
    /// Whether the thing that the event is about is gone. `deleted` alone does not say so: for an issue, Plane 0.20 to
    /// 0.26.0 also sent it when a link, an attachment, a reaction or a relation was taken away.
    #[must_use]
    pub fn is_deletion(&self) -> bool {
        let field = self.activity.as_ref().and_then(|activity| activity.field.as_deref());
        matches!(self.action, Action::Deleted | Action::Delete)
            && (self.event != "issue" || matches!(field, None | Some("issue")))
    }
}

words! {
    /// What happened.
    Action {
        Created = "created";
        Updated = "updated";
        Deleted = "deleted";
        /// Until May 2024.
        Create = "create";
        /// Until May 2024.
        Update = "update";
        /// Until May 2024.
        Delete = "delete";
    }
}

/// What changed and who did it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Activity {
    /// The changed field; null when the thing itself was created or deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Its value now, as any JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_value: Option<Value>,
    /// Its value before, as any JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_value: Option<Value>,
    /// Who did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<User>,
    /// The id behind the new value, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_identifier: Option<Value>,
    /// The id behind the old value, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_identifier: Option<Value>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A person. The address is personal data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct User {
    /// The person.
    pub id: String,
    /// The first name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// The last name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// The e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar: Option<String>,
    /// Where the picture is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar_url: Option<String>,
    /// The name that others see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Another thing: its id, or the thing itself. Which one depends on the release.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Reference<T> {
    /// Its id.
    Id(String),
    /// The thing itself.
    Full(T),
}

/// A work item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Issue {
    /// The work item.
    pub id: String,
    /// The title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The text as HTML.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description_html: Option<String>,
    /// The text without markup.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description_stripped: Option<String>,
    /// How urgent it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// The state it is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<Reference<State>>,
    /// Its labels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub labels: Option<Vec<Reference<Label>>>,
    /// Who works on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignees: Option<Vec<Reference<User>>>,
    /// The day work begins, as `2026-06-01`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_date: Option<String>,
    /// The day it is due, as `2026-06-01`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_date: Option<String>,
    /// Its number in the project: 42 in `TRACE-42`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sequence_id: Option<i64>,
    /// Its place in lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort_order: Option<f64>,
    /// The estimate: an id or points, by release.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimate_point: Option<Value>,
    /// Whether it is a draft.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_draft: Option<bool>,
    /// The kind of work item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub r#type: Option<String>,
    /// The work item it is a part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// The project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// The workspace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workspace: Option<String>,
    /// When it was finished, in ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completed_at: Option<String>,
    /// When it was archived, in ISO 8601 or as a day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archived_at: Option<String>,
    /// When it was made, in ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<String>,
    /// When it was last changed, in ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<String>,
    /// Who made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_by: Option<String>,
    /// Who changed it last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_by: Option<String>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

words! {
    /// How urgent a work item is.
    Priority {
        Urgent = "urgent";
        High = "high";
        Medium = "medium";
        Low = "low";
        None = "none";
    }
}

/// A state of work items.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct State {
    /// The state.
    pub id: String,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its colour, as `#F59E0B`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
    /// The kind of state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<StateGroup>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

words! {
    /// The kind of a state.
    StateGroup {
        Backlog = "backlog";
        Unstarted = "unstarted";
        Started = "started";
        Completed = "completed";
        Cancelled = "cancelled";
        Triage = "triage";
    }
}

/// A label.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Label {
    /// The label.
    pub id: String,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its colour, as `#ff0000`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A project.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Project {
    /// The project.
    pub id: String,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The first part of its work items' names: `TRACE` in `TRACE-42`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identifier: Option<String>,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Who sees it: 0 its members, 2 the workspace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<i64>,
    /// The workspace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workspace: Option<String>,
    /// Who leads it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project_lead: Option<String>,
    /// Who gets work items that nobody has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_assignee: Option<String>,
    /// The state of new work items.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_state: Option<String>,
    /// Its time zone, such as `Europe/Zurich`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
    /// When it was archived, in ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archived_at: Option<String>,
    /// When it was made, in ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<String>,
    /// When it was last changed, in ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<String>,
    /// Who made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_by: Option<String>,
    /// Who changed it last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_by: Option<String>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A cycle: a stretch of time with work items in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Cycle {
    /// The cycle.
    pub id: String,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// When it begins, in ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_date: Option<String>,
    /// When it ends, in ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_date: Option<String>,
    /// Who owns it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owned_by: Option<String>,
    /// The project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// The workspace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workspace: Option<String>,
    /// When it was archived, in ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archived_at: Option<String>,
    /// When it was made, in ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<String>,
    /// When it was last changed, in ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<String>,
    /// Who made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_by: Option<String>,
    /// Who changed it last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_by: Option<String>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A module: a part of a project with work items in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Module {
    /// The module.
    pub id: String,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Where it stands, such as `in-progress`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// The day it begins, as `2026-06-01`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_date: Option<String>,
    /// The day it is due, as `2026-06-01`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_date: Option<String>,
    /// Who leads it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead: Option<String>,
    /// Who works on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub members: Option<Vec<Reference<User>>>,
    /// The project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// The workspace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workspace: Option<String>,
    /// When it was archived, in ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archived_at: Option<String>,
    /// When it was made, in ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<String>,
    /// When it was last changed, in ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<String>,
    /// Who made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_by: Option<String>,
    /// Who changed it last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_by: Option<String>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A comment on a work item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct IssueComment {
    /// The comment.
    pub id: String,
    /// The text as HTML.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment_html: Option<String>,
    /// Who sees it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access: Option<Access>,
    /// The work item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issue: Option<String>,
    /// Who wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// The comment that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// The project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// The workspace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workspace: Option<String>,
    /// When the text was last changed, in ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<String>,
    /// When it was made, in ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<String>,
    /// When it was last changed, in ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<String>,
    /// Who made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_by: Option<String>,
    /// Who changed it last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_by: Option<String>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

words! {
    /// Who sees a comment.
    Access {
        /// The members.
        Internal = "INTERNAL";
        /// Everyone who sees the published project.
        External = "EXTERNAL";
    }
}

/// A work item in a cycle; releases until May 2024.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CycleIssue {
    /// The membership.
    pub id: String,
    /// The work item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issue: Option<String>,
    /// The cycle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cycle: Option<String>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A work item in a module; releases until May 2024.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ModuleIssue {
    /// The membership.
    pub id: String,
    /// The work item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issue: Option<String>,
    /// The module.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub module: Option<String>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A work item that waits to be accepted. Called inbox until November 2024; sent to every webhook, whatever it asked
/// for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct IntakeIssue {
    /// The entry.
    pub id: String,
    /// The work item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issue_detail: Option<Issue>,
    /// The inbox.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inbox: Option<String>,
    /// Where it stands, as the provider's own number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<i64>,
    /// Until when it is put aside, in ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snoozed_till: Option<String>,
    /// The work item it repeats.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duplicate_to: Option<String>,
    /// Where it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

/// The body of a v2 event: Plane Cloud and the commercial editions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct EnvelopeV2 {
    /// The event's id, the same in every attempt: handle each id once.
    pub event_id: String,
    /// The event type, such as `workitem.updated`.
    pub event: String,
    /// The webhook that asked for the event.
    pub webhook_id: String,
    /// The workspace it happened in.
    pub workspace_id: String,
    /// The thing itself; empty once it is deleted.
    pub data: Entity,
    /// `v2`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The delivery, new in every attempt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery_id: Option<String>,
    /// The thing it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entity_id: Option<String>,
    /// What it is about: `issue`, `cycle`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entity_type: Option<String>,
    /// What the changed fields were before, as an object; the whole thing once it is deleted. Plane's own examples
    /// have the text `None` too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous_attributes: Option<Value>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

/// What a v2 event is about. Its fields depend on `entity_type` and are kept in `extra`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Entity {
    /// The thing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A v2 or a v1 body: the two share these event types.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Versioned<T> {
    /// With `event_id`.
    V2(EnvelopeV2),
    /// With `action`.
    V1(Envelope<T>),
}

/// The body that an agent gets when someone calls on it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AgentEnvelope {
    /// `created` for a new run, `prompted` for a new message in it.
    pub action: String,
    /// The run.
    pub agent_run: AgentRun,
    /// The message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_run_activity: Option<AgentRunActivity>,
    /// The agent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_user_id: Option<String>,
    /// The app that the agent belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app_client_id: Option<String>,
    /// The work item it was called in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issue_id: Option<String>,
    /// The comment it was called in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment_id: Option<String>,
    /// The project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project_id: Option<String>,
    /// The workspace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workspace_id: Option<String>,
    /// `agent_run` or `agent_run_activity`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub r#type: Option<String>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A run of an agent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AgentRun {
    /// The run.
    pub id: String,
    /// Where it stands, such as `in_progress`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// What it is, such as `comment_thread`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub r#type: Option<String>,
    /// The agent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_user: Option<String>,
    /// The work item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issue: Option<String>,
    /// The project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// The workspace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workspace: Option<String>,
    /// When it began, in ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<String>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A message in a run of an agent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AgentRunActivity {
    /// The message.
    pub id: String,
    /// The run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_run: Option<String>,
    /// What it is, such as `prompt`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub r#type: Option<String>,
    /// What it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<AgentContent>,
    /// Whether it goes away by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ephemeral: Option<bool>,
    /// What the agent is to do, such as `continue` or `stop`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signal: Option<String>,
    /// Who wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// The workspace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workspace: Option<String>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

/// What a message in a run of an agent says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AgentContent {
    /// What it is, such as `prompt`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub r#type: Option<String>,
    /// The text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Every other field.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A body of any shape.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Other {
    /// A v2 event.
    V2(EnvelopeV2),
    /// A call on an agent.
    Agent(AgentEnvelope),
    /// A v1 event.
    V1(Envelope<Entity>),
}

payload! {
    /// The typed payload. v1 types are `event` and `action` joined, with today's words for the action; v2 types are as
    /// sent.
    {
        Issue(Envelope<Issue>) = "issue.created" | "issue.updated" | "issue.deleted";
        IssueComment(Envelope<IssueComment>) = "issue_comment.created" | "issue_comment.updated" | "issue_comment.deleted";
        Project(Versioned<Project>) = "project.created" | "project.updated" | "project.archived" | "project.deleted";
        Cycle(Versioned<Cycle>) = "cycle.created" | "cycle.updated" | "cycle.archived" | "cycle.deleted";
        Module(Versioned<Module>) = "module.created" | "module.updated" | "module.archived" | "module.deleted";
        CycleIssue(Envelope<CycleIssue>) = "cycle_issue.created" | "cycle_issue.updated" | "cycle_issue.deleted";
        ModuleIssue(Envelope<ModuleIssue>) = "module_issue.created" | "module_issue.updated" | "module_issue.deleted";
        InboxIssue(Envelope<IntakeIssue>) = "inbox_issue.created" | "inbox_issue.updated" | "inbox_issue.deleted";
        IntakeIssue(Envelope<IntakeIssue>) = "intake_issue.created" | "intake_issue.updated" | "intake_issue.deleted";
        Milestone(EnvelopeV2) = "milestone.created" | "milestone.updated" | "milestone.deleted";
        Page(EnvelopeV2) = "page.created" | "page.updated" | "page.archived" | "page.deleted";
        PageComment(EnvelopeV2) = "page.comment.created" | "page.comment.updated" | "page.comment.deleted";
        WorkItem(EnvelopeV2) = "workitem.created" | "workitem.updated" | "workitem.archived" | "workitem.deleted";
        WorkItemComment(EnvelopeV2) = "workitem.comment.created" | "workitem.comment.updated" | "workitem.comment.deleted";
        WorkItemLink(EnvelopeV2) = "workitem.link.created" | "workitem.link.updated" | "workitem.link.deleted";
        WorkItemAttachment(EnvelopeV2) = "workitem.attachment.created" | "workitem.attachment.updated"
            | "workitem.attachment.deleted";
        WorkItemVote(EnvelopeV2) = "workitem.vote.created" | "workitem.vote.deleted";
        WorkItemRelation(EnvelopeV2) = "workitem.relation.created" | "workitem.relation.deleted";
        WorkItemDependency(EnvelopeV2) = "workitem.dependency.created" | "workitem.dependency.deleted";
        WorkItemPageLink(EnvelopeV2) = "workitem.page_link.created" | "workitem.page_link.deleted";
        AgentRunCreated(AgentEnvelope) = "agent_run.created";
        AgentRunPrompted(AgentEnvelope) = "agent_run.prompted";
    } other Other
}
