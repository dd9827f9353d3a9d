//! Who the agency writes to, and who signs.

use super::{super::events::PartEvent, Open};
use crate::{
    kernel::{Command, Done, Leave, Permission, Result, Subject, Tx, error::FieldErrors},
    proposals::drafts::commands::touch,
};
use entity::{
    proposals::{part, team_member},
    types::{
        ids::{AccountId, PartId},
        text::{self, Email},
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, PaginatorTrait, QueryFilter};

/// Names the contact and the signatory of a part.
#[derive(Clone)]
pub struct SaveContact {
    pub part: PartId,
    /// One of the people who work on the part.
    pub contact: Option<AccountId>,
    /// The person who may sign for the organisation.
    pub signatory: String,
    /// Where that person gets receipts and awards; may be empty.
    pub signatory_email: String,
    pub seen: i64,
}

impl Command for SaveContact {
    const NEEDS: Permission = Permission::EditPart;
    /// The new version of the part.
    type Output = i64;

    fn about(&self) -> Subject {
        Subject::Part(self.part)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<i64>> {
        let open = Open::load(tx, leave, self.part).await?;
        let mut errors = FieldErrors::default();
        let signatory = errors.take("signatory", text::optional_line(&self.signatory, 120)).flatten();
        let signatory_email = match self.signatory_email.trim() {
            "" => None,
            typed => errors.take("signatory_email", Email::parse(typed)),
        };
        if let Some(contact) = self.contact {
            let here = team_member::Entity::present()
                .filter(team_member::Column::ProposalId.eq(open.draft.id))
                .filter(team_member::Column::PartId.eq(self.part))
                .filter(team_member::Column::AccountId.eq(contact));
            if here.count(tx.conn()).await? == 0 {
                errors.add("contact", "Choose somebody who works on this part");
            }
        }
        errors.done()?;
        let same = open.part.contact_id == self.contact
            && open.part.signatory == signatory
            && open.part.signatory_email == signatory_email;
        if open.part.version != self.seen && !same {
            return Err(open.stale(tx, open.part.version).await?);
        }
        let at = open.at();
        let version = open.part.version + i64::from(!same);
        if !same {
            let proposal = open.draft.id;
            let mut row: part::ActiveModel = open.part.into();
            row.contact_id = Set(self.contact);
            row.signatory = Set(signatory.clone());
            row.signatory_email = Set(signatory_email);
            row.version = Set(version);
            row.update(tx.conn()).await?;
            touch(tx, leave, proposal).await?;
        }
        let signatory = signatory.unwrap_or_else(|| "nobody yet".to_owned());
        Ok(tx.done(PartEvent::ContactNamed { at, signatory }, version))
    }
}
