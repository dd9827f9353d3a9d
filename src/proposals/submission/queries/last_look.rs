//! What stands against a part, and the last look before it is handed in.

use super::{
    super::{bundle::Bundle, check::check, content::Content, rules::Point},
    Head,
};
use crate::kernel::{Leave, Permission, Query, Result, Snapshot, Subject};
use entity::types::ids::PartId;

/// A part with what stands against it.
#[derive(Debug, Clone)]
pub struct Look {
    pub head: Head,
    pub points: Vec<Point>,
    pub content: Content,
    /// Comes back with the submission, so that nothing is submitted unseen.
    pub fingerprint: String,
    /// The name signed with last time.
    pub signatory: String,
}

impl Look {
    async fn at(db: &Snapshot, part: PartId, leave: Leave<'_>) -> Result<Self> {
        let bundle = Bundle::load(db.conn(), part).await?;
        let content = Content::of(&bundle);
        Ok(Self {
            head: Head::of(&bundle, db.now(), leave),
            points: check(&bundle, db.now()),
            fingerprint: content.fingerprint()?,
            signatory: bundle.own().row.signatory.clone().unwrap_or_default(),
            content,
        })
    }
}

/// Everything that stands against submitting a part now.
pub struct StandsAgainst(pub PartId);

impl Query for StandsAgainst {
    const NEEDS: Permission = Permission::ReadHistory;
    type Output = Look;

    fn about(&self) -> Subject {
        Subject::Part(self.0)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Look> {
        Look::at(db, self.0, leave).await
    }
}

/// All answers of a part on one page, with what is still missing.
pub struct LastLook(pub PartId);

impl Query for LastLook {
    const NEEDS: Permission = Permission::ReadHistory;
    type Output = Look;

    fn about(&self) -> Subject {
        Subject::Part(self.0)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Look> {
        Look::at(db, self.0, leave).await
    }
}
