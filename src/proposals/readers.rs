//! Whether somebody may read a proposal or part at all: asked before what they sent is looked at.

use crate::{
    api::ByPath,
    kernel::{Leave, Permission, Query, Result, Snapshot, Subject},
};
use entity::types::ids::{PartId, ProposalId};
use uuid::Uuid;

/// Nothing but the answer of the policy, for a proposal.
pub struct MayRead(pub ProposalId);

impl Query for MayRead {
    const NEEDS: Permission = Permission::ReadProposal;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Proposal(self.0)
    }

    async fn fetch(self, _: &Snapshot, _: Leave<'_>) -> Result<()> {
        Ok(())
    }
}

impl ByPath for MayRead {
    fn by_path(id: Uuid) -> Self {
        Self(id.into())
    }
}

/// Nothing but the answer of the policy, for a part.
pub struct MayReadPart(pub PartId);

impl Query for MayReadPart {
    const NEEDS: Permission = Permission::ReadProposal;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Part(self.0)
    }

    async fn fetch(self, _: &Snapshot, _: Leave<'_>) -> Result<()> {
        Ok(())
    }
}
