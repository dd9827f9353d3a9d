//! What a part promises to reach.

use super::{
    super::{events::PartEvent, rules::targets_digest},
    Open,
};
use crate::{
    kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx, error::FieldErrors},
    proposals::drafts::commands::touch,
};
use entity::{
    calls::call,
    proposals::kpi_target,
    types::ids::{KpiTargetId, PartId},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

/// Keeps the targets of a part; those that are left out are none.
#[derive(Clone)]
pub struct SaveTargets {
    pub part: PartId,
    /// Key of an indicator of the call, and the figure to reach.
    pub targets: Vec<(String, i64)>,
    /// The digest of the targets the sender saw.
    pub seen: String,
}

impl Command for SaveTargets {
    const NEEDS: Permission = Permission::EditPart;
    /// The digest of the targets as they are kept now.
    type Output = String;

    fn about(&self) -> Subject {
        Subject::Part(self.part)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<String>> {
        let open = Open::load(tx, leave, self.part).await?;
        let call = call::Entity::find_by_id(open.draft.call_id).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
        let mut errors = FieldErrors::default();
        for (key, target) in &self.targets {
            if !call.terms.kpis.iter().any(|k| k.key == *key) {
                errors.add(key, "The call has no such indicator");
            } else if !(0..=1_000_000_000).contains(target) {
                errors.add(key, "Enter a number from 0");
            }
        }
        errors.done()?;
        let rows = kpi_target::Entity::find().filter(kpi_target::Column::PartId.eq(self.part)).all(tx.conn()).await?;
        let order = |pairs: Vec<(String, i64)>| -> Vec<(String, i64)> {
            let of = |key: &str| pairs.iter().find(|(k, _)| k == key).map(|(k, n)| (k.clone(), *n));
            call.terms.kpis.iter().filter_map(|k| of(&k.key)).collect()
        };
        let now = order(rows.iter().map(|row| (row.kpi.clone(), row.target)).collect());
        let sent = order(self.targets);
        let (now_digest, sent_digest) = (targets_digest(&now), targets_digest(&sent));
        if now != sent && now_digest != self.seen {
            if sent_digest == self.seen {
                return Ok(tx.done(PartEvent::TargetsSaved { at: open.at(), n: now.len() }, sent_digest));
            }
            return Err(open.stale(tx, open.part.version).await?);
        }
        for row in rows.iter().filter(|row| !sent.iter().any(|(key, _)| *key == row.kpi)) {
            kpi_target::Entity::delete_by_id(row.id).exec(tx.conn()).await?;
        }
        for (key, target) in &sent {
            match rows.iter().find(|row| row.kpi == *key) {
                Some(row) if row.target == *target => {}
                Some(row) => {
                    let version = row.version + 1;
                    let mut row: kpi_target::ActiveModel = row.clone().into();
                    row.target = Set(*target);
                    row.version = Set(version);
                    row.update(tx.conn()).await?;
                }
                None => {
                    let row = kpi_target::ActiveModel {
                        id: Set(tx.new_id::<KpiTargetId>()),
                        part_id: Set(self.part),
                        kpi: Set(key.clone()),
                        target: Set(*target),
                        version: Set(1),
                    };
                    kpi_target::Entity::insert(row).exec_without_returning(tx.conn()).await?;
                }
            }
        }
        touch(tx, leave, open.draft.id).await?;
        Ok(tx.done(PartEvent::TargetsSaved { at: open.at(), n: sent.len() }, sent_digest))
    }
}
