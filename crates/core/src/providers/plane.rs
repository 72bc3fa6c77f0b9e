//! Plane: HMAC-SHA256 over the body in `X-Plane-Signature`; no timestamp, no signed id in v1.

use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use serde_json::Value;

use crate::envelope::{object, one_of, payload};
use crate::habits::{Habits, JsonSpacing, JsonStrings};
use crate::provider::{About, DEFAULT_LARGEST_BODY, Dialect, Preset, Sent, Signs};
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
    form: None,
    largest_body: DEFAULT_LARGEST_BODY,
    difference,
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

object! {
    /// The body of a v1 event, from every release: `action` had other words until 2024, and `activity` came then.
    Envelope<T> {
        required {
            /// What it is about: `issue`, `project`.
            event: String,
            /// What happened to it.
            action: Action,
        }
        always {
            /// The thing itself; nothing but its id once it is deleted.
            data: T,
        }
        optional {
            /// The webhook that asked for the event.
            webhook_id: String,
            /// The workspace it happened in.
            workspace_id: String,
            /// The workspace's name in links; releases since June 2026.
            workspace_slug: String,
            /// What changed and who did it; releases since May 2024. `updated` comes once for each changed field.
            activity: Activity,
        }
    }
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

object! {
    /// What changed and who did it.
    Activity {
        optional {
            /// The changed field; null when the thing itself was created or deleted.
            field: String,
            /// Its value now, as any JSON.
            new_value: Value,
            /// Its value before, as any JSON.
            old_value: Value,
            /// Who did it.
            actor: User,
            /// The id behind the new value, where it has one.
            new_identifier: Value,
            /// The id behind the old value, where it has one.
            old_identifier: Value,
        }
    }
}

object! {
    /// A person. The address is personal data.
    User {
        optional {
            /// The person.
            id: String,
            /// The first name.
            first_name: String,
            /// The last name.
            last_name: String,
            /// The e-mail address.
            email: String,
            /// The picture.
            avatar: String,
            /// Where the picture is.
            avatar_url: String,
            /// The name that others see.
            display_name: String,
        }
    }
}

one_of! {
    /// Another thing: its id, or the thing itself. Which one depends on the release.
    Reference<T> {
        /// Its id.
        Id(String),
    } else {
        /// The thing itself.
        Full(T),
    }
}

object! {
    /// A work item.
    Issue {
        optional {
            /// The work item.
            id: String,
            /// The title.
            name: String,
            /// The text as HTML.
            description_html: String,
            /// The text without markup.
            description_stripped: String,
            /// How urgent it is.
            priority: Priority,
            /// The state it is in.
            state: Reference<State>,
            /// Its labels.
            labels: Vec<Reference<Label>>,
            /// Who works on it.
            assignees: Vec<Reference<User>>,
            /// The day work begins, as `2026-06-01`.
            start_date: String,
            /// The day it is due, as `2026-06-01`.
            target_date: String,
            /// Its number in the project: 42 in `TRACE-42`.
            sequence_id: i64,
            /// Its place in lists.
            sort_order: f64,
            /// The estimate: an id or points, by release.
            estimate_point: Value,
            /// Whether it is a draft.
            is_draft: bool,
            /// The kind of work item.
            r#type: String,
            /// The work item it is a part of.
            parent: String,
            /// The project.
            project: String,
            /// The workspace.
            workspace: String,
            /// When it was finished, in ISO 8601.
            completed_at: String,
            /// When it was archived, in ISO 8601 or as a day.
            archived_at: String,
            /// When it was made, in ISO 8601.
            created_at: String,
            /// When it was last changed, in ISO 8601.
            updated_at: String,
            /// Who made it.
            created_by: String,
            /// Who changed it last.
            updated_by: String,
        }
    }
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

object! {
    /// A state of work items.
    State {
        optional {
            /// The state.
            id: String,
            /// Its name.
            name: String,
            /// Its colour, as `#F59E0B`.
            color: String,
            /// The kind of state.
            group: StateGroup,
        }
    }
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

object! {
    /// A label.
    Label {
        optional {
            /// The label.
            id: String,
            /// Its name.
            name: String,
            /// Its colour, as `#ff0000`.
            color: String,
        }
    }
}

object! {
    /// A project.
    Project {
        optional {
            /// The project.
            id: String,
            /// Its name.
            name: String,
            /// The first part of its work items' names: `TRACE` in `TRACE-42`.
            identifier: String,
            /// What it is about.
            description: String,
            /// Who sees it: 0 its members, 2 the workspace.
            network: i64,
            /// The workspace.
            workspace: String,
            /// Who leads it.
            project_lead: String,
            /// Who gets work items that nobody has.
            default_assignee: String,
            /// The state of new work items.
            default_state: String,
            /// Its time zone, such as `Europe/Zurich`.
            timezone: String,
            /// When it was archived, in ISO 8601.
            archived_at: String,
            /// When it was made, in ISO 8601.
            created_at: String,
            /// When it was last changed, in ISO 8601.
            updated_at: String,
            /// Who made it.
            created_by: String,
            /// Who changed it last.
            updated_by: String,
        }
    }
}

object! {
    /// A cycle: a stretch of time with work items in it.
    Cycle {
        optional {
            /// The cycle.
            id: String,
            /// Its name.
            name: String,
            /// What it is about.
            description: String,
            /// When it begins, in ISO 8601.
            start_date: String,
            /// When it ends, in ISO 8601.
            end_date: String,
            /// Who owns it.
            owned_by: String,
            /// The project.
            project: String,
            /// The workspace.
            workspace: String,
            /// When it was archived, in ISO 8601.
            archived_at: String,
            /// When it was made, in ISO 8601.
            created_at: String,
            /// When it was last changed, in ISO 8601.
            updated_at: String,
            /// Who made it.
            created_by: String,
            /// Who changed it last.
            updated_by: String,
        }
    }
}

object! {
    /// A module: a part of a project with work items in it.
    Module {
        optional {
            /// The module.
            id: String,
            /// Its name.
            name: String,
            /// What it is about.
            description: String,
            /// Where it stands, such as `in-progress`.
            status: String,
            /// The day it begins, as `2026-06-01`.
            start_date: String,
            /// The day it is due, as `2026-06-01`.
            target_date: String,
            /// Who leads it.
            lead: String,
            /// Who works on it.
            members: Vec<Reference<User>>,
            /// The project.
            project: String,
            /// The workspace.
            workspace: String,
            /// When it was archived, in ISO 8601.
            archived_at: String,
            /// When it was made, in ISO 8601.
            created_at: String,
            /// When it was last changed, in ISO 8601.
            updated_at: String,
            /// Who made it.
            created_by: String,
            /// Who changed it last.
            updated_by: String,
        }
    }
}

object! {
    /// A comment on a work item.
    IssueComment {
        optional {
            /// The comment.
            id: String,
            /// The text as HTML.
            comment_html: String,
            /// Who sees it.
            access: Access,
            /// The work item.
            issue: String,
            /// Who wrote it.
            actor: String,
            /// The comment that it answers.
            parent: String,
            /// The project.
            project: String,
            /// The workspace.
            workspace: String,
            /// When the text was last changed, in ISO 8601.
            edited_at: String,
            /// When it was made, in ISO 8601.
            created_at: String,
            /// When it was last changed, in ISO 8601.
            updated_at: String,
            /// Who made it.
            created_by: String,
            /// Who changed it last.
            updated_by: String,
        }
    }
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

object! {
    /// A work item in a cycle; releases until May 2024.
    CycleIssue {
        optional {
            /// The membership.
            id: String,
            /// The work item.
            issue: String,
            /// The cycle.
            cycle: String,
        }
    }
}

object! {
    /// A work item in a module; releases until May 2024.
    ModuleIssue {
        optional {
            /// The membership.
            id: String,
            /// The work item.
            issue: String,
            /// The module.
            module: String,
        }
    }
}

object! {
    /// A work item that waits to be accepted. Called inbox until November 2024; sent to every webhook, whatever it asked
    /// for.
    IntakeIssue {
        optional {
            /// The entry.
            id: String,
            /// The work item.
            issue_detail: Issue,
            /// The inbox.
            inbox: String,
            /// Where it stands, as the provider's own number.
            status: i64,
            /// Until when it is put aside, in ISO 8601.
            snoozed_till: String,
            /// The work item it repeats.
            duplicate_to: String,
            /// Where it came from.
            source: String,
        }
    }
}

object! {
    /// The body of a v2 event: Plane Cloud and the commercial editions.
    EnvelopeV2 {
        required {
            /// The event's id, the same in every attempt: handle each id once.
            event_id: String,
            /// The event type, such as `workitem.updated`.
            event: String,
            /// The thing itself; empty once it is deleted.
            data: Entity,
        }
        optional {
            /// The webhook that asked for the event.
            webhook_id: String,
            /// The workspace it happened in.
            workspace_id: String,
            /// `v2`.
            version: String,
            /// The delivery, new in every attempt.
            delivery_id: String,
            /// The thing it is about.
            entity_id: String,
            /// What it is about: `issue`, `cycle`.
            entity_type: String,
            /// What the changed fields were before, as an object; the whole thing once it is deleted. Plane's own examples
            /// have the text `None` too.
            previous_attributes: Value,
        }
    }
}

object! {
    /// What a v2 event is about. Its fields depend on `entity_type` and are kept in `extra`.
    Entity {
        optional {
            /// The thing.
            id: String,
            /// Its name.
            name: String,
        }
    }
}

one_of! {
    /// A v2 or a v1 body: the two share these event types.
    Versioned<T> {
        /// With `event_id`.
        V2(EnvelopeV2),
    } else {
        /// With `action`.
        V1(Envelope<T>),
    }
}

object! {
    /// The body that an agent gets when someone calls on it.
    AgentEnvelope {
        required {
            /// The run.
            agent_run: AgentRun,
            /// `created` for a new run, `prompted` for a new message in it.
            action: String,
        }
        optional {
            /// The message.
            agent_run_activity: AgentRunActivity,
            /// The agent.
            agent_user_id: String,
            /// The app that the agent belongs to.
            app_client_id: String,
            /// The work item it was called in.
            issue_id: String,
            /// The comment it was called in.
            comment_id: String,
            /// The project.
            project_id: String,
            /// The workspace.
            workspace_id: String,
            /// `agent_run` or `agent_run_activity`.
            r#type: String,
        }
    }
}

object! {
    /// A run of an agent.
    AgentRun {
        optional {
            /// The run.
            id: String,
            /// Where it stands, such as `in_progress`.
            status: String,
            /// What it is, such as `comment_thread`.
            r#type: String,
            /// The agent.
            agent_user: String,
            /// The work item.
            issue: String,
            /// The project.
            project: String,
            /// The workspace.
            workspace: String,
            /// When it began, in ISO 8601.
            started_at: String,
        }
    }
}

object! {
    /// A message in a run of an agent.
    AgentRunActivity {
        optional {
            /// The message.
            id: String,
            /// The run.
            agent_run: String,
            /// What it is, such as `prompt`.
            r#type: String,
            /// What it says.
            content: AgentContent,
            /// Whether it goes away by itself.
            ephemeral: bool,
            /// What the agent is to do, such as `continue` or `stop`.
            signal: String,
            /// Who wrote it.
            actor: String,
            /// The workspace.
            workspace: String,
        }
    }
}

object! {
    /// What a message in a run of an agent says.
    AgentContent {
        optional {
            /// What it is, such as `prompt`.
            r#type: String,
            /// The text.
            body: String,
        }
    }
}

one_of! {
    /// A body of any shape.
    Other {
        /// A v2 event.
        V2(EnvelopeV2),
        /// A call on an agent.
        Agent(AgentEnvelope),
    } else {
        /// A v1 event.
        V1(Envelope<Entity>),
    }
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
