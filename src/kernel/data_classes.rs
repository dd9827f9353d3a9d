//! What kind of data every column holds: what a person may be given of themselves, and what never leaves the
//! database, follow from this one list.
//!
//! A column that only points at an account (who made, decided or uploaded something) is internal: it belongs to
//! the work, and points at nobody once the account is erased.

/// Who may see what a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Anybody, as soon as the thing itself is public.
    Public,
    /// Those who work on the thing, by the table of permissions.
    Internal,
    /// About a person: those who work with them, and the person.
    Personal,
    /// Nobody: it is compared with, never shown.
    Secret,
}

/// How the rows that are about a person are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// The column holds the person's account.
    Account(&'static str),
    /// The column holds the person's mail address; they may have no account.
    Address(&'static str),
    /// The column points at a row of this table, whose owner it is.
    Through(&'static str, &'static str),
    /// The person is named in the words of the column, so a search by name finds them.
    Mentioned(&'static str),
}

/// One table with its columns by class, with spaces between them.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    pub name: &'static str,
    pub owners: &'static [Owner],
    public: &'static str,
    internal: &'static str,
    personal: &'static str,
    secret: &'static str,
}

/// A column with data about a person, and how that person's rows are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PersonalColumn {
    pub table: &'static str,
    pub column: &'static str,
    pub owners: &'static [Owner],
}

impl Table {
    const fn of(mut self, owners: &'static [Owner]) -> Self {
        self.owners = owners;
        self
    }

    const fn public(mut self, columns: &'static str) -> Self {
        self.public = columns;
        self
    }

    const fn internal(mut self, columns: &'static str) -> Self {
        self.internal = columns;
        self
    }

    const fn personal(mut self, columns: &'static str) -> Self {
        self.personal = columns;
        self
    }

    const fn secret(mut self, columns: &'static str) -> Self {
        self.secret = columns;
        self
    }

    /// Every column with its class.
    pub fn columns(&self) -> impl Iterator<Item = (&'static str, Class)> {
        let of = |columns: &'static str, class| columns.split_ascii_whitespace().map(move |column| (column, class));
        of(self.public, Class::Public)
            .chain(of(self.internal, Class::Internal))
            .chain(of(self.personal, Class::Personal))
            .chain(of(self.secret, Class::Secret))
    }
}

/// The class of a column; nothing when there is no such column.
pub fn class_of(table: &str, column: &str) -> Option<Class> {
    let table = TABLES.iter().find(|known| known.name == table)?;
    table.columns().find(|(name, _)| *name == column).map(|(_, class)| class)
}

/// Everything that is about a person: what is given to them on request, and what an erasure must empty.
pub fn personal_columns() -> impl Iterator<Item = PersonalColumn> {
    let of = |table: &'static Table| {
        let columns = table.personal.split_ascii_whitespace();
        columns.map(|column| PersonalColumn { table: table.name, column, owners: table.owners })
    };
    TABLES.iter().flat_map(of)
}

/// Every column that never leaves the database.
pub fn secret_columns() -> impl Iterator<Item = (&'static str, &'static str)> {
    TABLES.iter().flat_map(|table| table.secret.split_ascii_whitespace().map(|column| (table.name, column)))
}

const fn table(name: &'static str) -> Table {
    Table { name, owners: &[], public: "", internal: "", personal: "", secret: "" }
}

/// Every column of every table.
pub const TABLES: &[Table] = &[
    table("account")
        .of(&[Owner::Account("id")])
        .internal("id state created_at confirmed_at erased_at version")
        .personal("email name language"),
    table("activity_line")
        .internal("id part_id position activity title description place start_month end_month participants version"),
    table("agreed_score").internal("id proposal_id source criterion points comment agreed_by agreed_at"),
    table("agreement").internal("id part_id state starts_on ends_on signed_on note made_by made_at version"),
    table("annex")
        .public("id call_id agency_id position class terms deadline_at")
        .internal("state approved_by approved_at version"),
    table("answer").internal("id proposal_id place question value version updated_by updated_at"),
    table("api_token")
        .of(&[Owner::Account("account_id")])
        .internal("id account_id scopes created_at expires_at revoked_at")
        .personal("name used_at")
        .secret("token_hash"),
    table("assignment")
        .of(&[Owner::Account("account_id")])
        .internal(
            "id call_id proposal_id evaluator_id account_id state due_at invited_by invited_at answered_at \
            submitted_at reopened_reason version",
        )
        .personal("signed_name declared_at reason comment private_note"),
    table("attachment").internal("id proposal_id place document file_id added_by added_at removed_at"),
    table("audit_entry")
        .of(&[Owner::Account("actor")])
        .internal("seq at actor command subject_kind subject_id call proposal key output previous digest")
        .personal("actor_name line data"),
    table("calibration").internal("id call_id number places seed inputs result made_by made_at"),
    table("call")
        .public("id code title state terms search opens_at closes_at announced_at closed_at revision")
        .internal("next_number created_by created_at version"),
    table("cluster_membership").internal("id cluster_id member_id since until created_at"),
    table("comment_mark").internal("id assignment_id marked_by useful marked_at"),
    table("conflict")
        .of(&[Owner::Account("account_id")])
        .internal("id account_id declared_by declared_at withdrawn_at")
        .personal("proposal_id organisation_id reason"),
    table("conflict_finding")
        .of(&[Owner::Account("account_id")])
        .internal(
            "id call_id account_id kind strength state fingerprint found_at decided_by decided_at conflict_id version",
        )
        .personal("proposal_id party own met path on_day reason"),
    table("conflict_screening").internal("id call_id ran_at people proposals"),
    table("consensus").internal(
        "id call_id proposal_id state divergence reason rapporteur_id comment due_at reminded opened_by opened_at \
            sent_at agreed_at version",
    ),
    table("consensus_message")
        .of(&[Owner::Account("account_id")])
        .internal("id consensus_id account_id sent_at")
        .personal("text"),
    table("consensus_point").internal("id consensus_id criterion points comment updated_at"),
    table("consensus_voice")
        .of(&[Owner::Account("account_id")])
        .internal("id consensus_id assignment_id account_id")
        .personal("state signed_name statement answered_at"),
    table("corrigendum").public("id call_id annex_id number reason before after made_at").internal("made_by"),
    table("cost_line").internal("id part_id position category activity_line_id description minor version"),
    table("credential").of(&[Owner::Account("account_id")]).internal("account_id changed_at").secret("phc"),
    table("decision").internal(
        "id part_id ranking_id outcome minor currency reason conditions state drafted_by drafted_at \
            released_by released_at letter_file_id reserve_place reserve_until version",
    ),
    table("decision_list").internal("id annex_id digest parts confirmed_by confirmed_at"),
    table("decision_summary").internal("id decision_id file_id"),
    table("decline").internal("id part_id reason declined_by declined_at"),
    table("eligibility_check").internal(
        "id part_id findings verdict reasons note state proposed_by proposed_at confirmed_by confirmed_at \
            returned_note version",
    ),
    table("evaluator")
        .of(&[Owner::Account("account_id")])
        .internal("id account_id state invited_at answered_at renewed_at erased_at version")
        .personal("organisation expertise languages countries capacity hours bio search contract_until declaration_until"),
    table("evaluator_draft")
        .of(&[Owner::Through("invitation_id", "invitation")])
        .internal("invitation_id")
        .personal("profile"),
    table("evaluator_expertise")
        .of(&[Owner::Through("evaluator_id", "evaluator")])
        .internal("evaluator_id")
        .personal("tag level"),
    table("evaluator_import")
        .of(&[Owner::Account("account_id")])
        .internal("id account_id made_at expires_at applied_at")
        .personal("file list plan"),
    table("evaluator_period")
        .of(&[Owner::Through("evaluator_id", "evaluator")])
        .internal("evaluator_id position")
        .personal("kind starts_on ends_on"),
    table("evaluator_text")
        .of(&[Owner::Through("evaluator_id", "evaluator")])
        .internal("evaluator_id position")
        .personal("title body"),
    table("file")
        .of(&[Owner::Account("uploaded_by")])
        .internal("id digest size media_type about_kind about_id uploaded_by created_at deleted_at")
        .personal("name"),
    table("funding_line").internal("id part_id position source description minor version"),
    table("interest")
        .of(&[Owner::Account("account_id")])
        .internal("id account_id created_at withdrawn_at")
        .personal("kind name registration_no country detail until"),
    table("interest_statement")
        .of(&[Owner::Account("account_id")])
        .internal("id account_id")
        .personal("signed_name signed_at valid_until content"),
    table("invitation")
        .of(&[Owner::Address("email"), Owner::Account("answered_by")])
        .internal(
            "id kind call_id organisation_id proposal_id part_id invited_by created_at expires_at answered_at \
            answered_by withdrawn_at",
        )
        .personal("email name role message accepted")
        .secret("token_hash"),
    table("job").internal(
        "id name payload state attempts due_at locked_until done total result error ordered_by once \
            created_at finished_at",
    ),
    table("kpi_reading").internal("id report_id kpi value note"),
    table("kpi_target").internal("id part_id kpi target version"),
    table("label")
        .public("id cluster_id level awarded_on valid_until renews_id")
        .internal("certificate_file_id recorded_by created_at"),
    table("letter")
        .of(&[Owner::Address("signer_email")])
        .internal("id part_id participant_id document requested_minor total_minor state asked_by asked_at signed_on signed_at file_id")
        .personal("signer_name signer_email signer_organisation signed_name text refusal")
        .secret("token_hash"),
    table("live_view").of(&[Owner::Account("account_id")]).internal("topic account_id").personal("seen_at"),
    table("lottery").internal(
        "id call_id calibration_id number state source known_at codes commitment announced_by announced_at seed \
            drawn_by drawn_at signed_by signed_at reason",
    ),
    table("mail")
        .of(&[Owner::Account("account_id"), Owner::Address("address")])
        .internal(
            "id name class account_id state attempts next_at locked_until message_id error about_kind \
            about_id created_at sent_at",
        )
        .personal("address subject text html"),
    table("member_import")
        .of(&[Owner::Account("account_id")])
        .internal("id cluster_id account_id list plan made_at expires_at applied_at")
        .personal("file"),
    table("membership")
        .of(&[Owner::Account("account_id")])
        .internal("id organisation_id account_id decided_at decided_by")
        .personal("role state message asked_at"),
    table("one_time_token")
        .of(&[Owner::Account("account_id")])
        .internal("id purpose account_id created_at expires_at used_at")
        .secret("token_hash"),
    table("organisation")
        .public("id kind key name country region city website description search")
        .internal("registration_no created_by created_at version"),
    table("organisation_link").internal(
        "id owned_id owner_id owner_name owner_number owner_country share stated_by stated_at withdrawn_at",
    ),
    table("panel").internal(
        "id call_id name state chair_id deputy_id starts_at place minutes quorum casting order_by created_by created_at \
            opened_at closed_at version pulse",
    ),
    table("panel_ballot")
        .of(&[Owner::Account("account_id")])
        .internal("id vote_id account_id")
        .personal("choice cast_at"),
    table("panel_item").internal(
        "id panel_id proposal_id position state lead_id began_at until ended_at outcome version",
    ),
    table("panel_member")
        .of(&[Owner::Account("account_id")])
        .internal("id panel_id account_id")
        .personal("invited_at here ended_at"),
    table("panel_minutes").internal(
        "id panel_id number state reason document digest chair_id signed_at deputy_id deputy_at",
    ),
    table("panel_note")
        .of(&[Owner::Account("account_id")])
        .internal("id item_id account_id minuted at")
        .personal("text"),
    table("panel_point").internal("id item_id criterion points reason set_by set_at"),
    table("panel_presence")
        .of(&[Owner::Account("account_id")])
        .internal("id panel_id account_id item_id")
        .personal("kind why at"),
    table("panel_vote").internal(
        "id item_id question secret state opened_by opened_at closed_at yes no abstain result",
    ),
    table("part")
        .of(&[Owner::Account("contact_id"), Owner::Mentioned("signatory"), Owner::Address("signatory_email")])
        .internal(
            "id proposal_id organisation_id annex_id is_coordinator state requested_minor currency contact_id \
            created_at submitted_at left_at version",
        )
        .personal("signatory signatory_email"),
    table("participant")
        .of(&[Owner::Address("contact_email")])
        .internal(
            "id part_id organisation_id name registration_no country size_class role notice_given \
            declarations cash_minor in_kind_minor version created_at",
        )
        .personal("contact_name contact_email"),
    table("plan").internal(
        "id call_id name state settings job reason outcome import made_by made_at computed_at deployed_by deployed_at \
            version",
    ),
    table("plan_pair")
        .of(&[Owner::Through("evaluator_id", "evaluator")])
        .internal("id plan_id proposal_id evaluator_id affinity locked origin next left_out assignment_id")
        .personal("why"),
    table("preference").of(&[Owner::Account("account_id")]).internal("account_id").personal("class pace"),
    table("proposal").internal(
        "id call_id code title acronym state search created_by created_at updated_by updated_at \
            submitted_at version",
    ),
    table("ranking").internal("id call_id number state reason digest made_by made_at fixed_by fixed_at document"),
    table("ranking_line").internal("id ranking_id proposal_id rank total passes spread tie_reason detail"),
    table("rate_window").of(&[Owner::Mentioned("bucket")]).internal("started_at count").personal("bucket"),
    table("recruitment")
        .of(&[Owner::Address("email")])
        .internal(
            "id call_id evaluator_id invitation_id state added_by added_at invited_by invited_at lapses_at reminders \
            reminded_at escalated_at answered_at version",
        )
        .personal("email name message signed_name places reason"),
    table("report").internal(
        "id agreement_id part_id kind label due_on state activities narrative deviations costs_minor \
            returned_points submitted_by submitted_at decided_by decided_at reminded version",
    ),
    table("role_grant")
        .of(&[Owner::Account("account_id")])
        .internal("id account_id call_id agency_id granted_by")
        .personal("role granted_at revoked_at"),
    table("saved_view")
        .of(&[Owner::Account("account_id")])
        .internal("id account_id created_at")
        .personal("list name query"),
    table("scenario").internal(
        "id call_id ranking_id name state settings input digest outcome job reason made_by made_at computed_at \
            adopted_by adopted_at minutes minutes_digest version",
    ),
    table("score")
        .of(&[Owner::Through("assignment_id", "assignment")])
        .internal("id assignment_id criterion version updated_at")
        .personal("points comment abstained"),
    table("section_task")
        .of(&[Owner::Account("assigned_to")])
        .internal("id proposal_id place section assigned_to due_on state completed_by completed_at"),
    table("session")
        .of(&[Owner::Account("account_id")])
        .internal("id account_id expires_at")
        .personal("created_at seen_at ended_at address agent")
        .secret("token_hash csrf"),
    table("setting").internal("name").secret("value"),
    table("sheet_version")
        .of(&[Owner::Through("assignment_id", "assignment")])
        .internal("id assignment_id number submitted_at reopened_by reopened_at reopened_reason")
        .personal("sheet"),
    table("stranded_choice").internal("id proposal_id choice reason chosen_by chosen_at until"),
    table("submission")
        .of(&[Owner::Account("submitted_by"), Owner::Mentioned("signatory")])
        .internal("id part_id number digest receipt submitted_by submitted_at ended_at pdf_file_id")
        .personal("document signatory"),
    table("team_member")
        .of(&[Owner::Account("account_id")])
        .internal("id proposal_id account_id part_id added_by")
        .personal("role added_at left_at"),
    table("training").internal("id call_id state title text source_id answer required made_by made_at version"),
    table("training_sheet")
        .of(&[Owner::Account("account_id")])
        .internal("id training_id account_id begun_at submitted_at version")
        .personal("sheet"),
    table("wish")
        .of(&[Owner::Through("evaluator_id", "evaluator")])
        .internal("id call_id proposal_id evaluator_id")
        .personal("kind stated_at"),
];
