//! Whether a new award is covered: whole or not at all (Regulation (EU) 2023/2831, Article 3(7)).

use super::super::finding::{Finding, Subject};
use super::law::{LAWS, Law};
use super::room::{Award, Fault, Holder, Room, Rules, outlook, room};
use entity::types::money::{Currency, Money};

/// What is found about a new award.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// Before the new award.
    pub room: Room,
    pub covered: bool,
    pub findings: Vec<Finding>,
}

/// Judges an award of `asked.amount` on `asked.granted_on` after all the others of up to that day.
///
/// # Errors
/// As with [`room`]; [`Fault::Amount`] with the number of earlier awards when the new amount cannot be used.
pub fn judge(earlier: &[Award], asked: &Award, holder: &Holder<'_>) -> Result<Judgement, Fault> {
    let amount = asked.amount;
    if amount.currency != Currency::Eur || amount.minor < 0 {
        return Err(Fault::Amount(earlier.len()));
    }
    let on = asked.granted_on;
    let room = room(earlier, holder, on)?;
    let law = room.law;
    let subject = Subject::Award(earlier.len());
    let covered = amount.minor <= room.left.minor;
    let mut findings = Vec::new();
    if !covered {
        let over = Money::new(room.used.minor.saturating_add(amount.minor) - room.ceiling.minor, Currency::Eur);
        let mut found = Finding::blocks("over_ceiling_falls_out_whole", subject.clone(), law.source("Article 3(7)"))
            .with("asked", amount)
            .with("left", room.left)
            .with("used", room.used)
            .with("ceiling", room.ceiling)
            .with("over", over);
        let reliefs = outlook(earlier, holder, on)?;
        let fits = reliefs.iter().find(|relief| relief.left.is_some_and(|left| amount.minor <= left.minor));
        if let Some(relief) = fits {
            found = found.with("fits_from", relief.on);
        }
        findings.push(found);
        // The later law also covers what was granted before it and meets all its conditions (Article 7(1)).
        if *law != LAWS[0] && later_law_covers(earlier, asked, holder) {
            findings.push(Finding::warns("later_law_would_cover", subject.clone(), LAWS[0].source("Article 7(1)")));
        }
    }
    if on > law.until {
        let found = Finding::informs("in_grace_after_expiry", subject.clone(), law.source("Article 7(3)"));
        findings.push(found.with("until", law.grace_until));
    }
    let general_interest = |award: &&Award| {
        award.rules == Rules::GeneralInterest && award.state == holder.state && holder.undertaking.contains(&award.to)
    };
    if earlier.iter().any(|award| general_interest(&award)) {
        findings.push(Finding::informs("general_interest_aid_apart", subject, law.source("Article 5(1)")));
    }
    Ok(Judgement { room, covered, findings })
}

fn later_law_covers(earlier: &[Award], asked: &Award, holder: &Holder<'_>) -> bool {
    let law: &Law = &LAWS[0];
    let on = asked.granted_on;
    let counts = |award: &&Award| {
        award.state == holder.state
            && holder.undertaking.contains(&award.to)
            && award.rules != Rules::GeneralInterest
            && award.granted_on <= on
            && on < law.leaves(award.granted_on, holder.fiscal)
    };
    let used: i128 = earlier.iter().filter(counts).map(|award| i128::from(award.amount.minor)).sum();
    used + i128::from(asked.amount.minor) <= i128::from(law.ceiling(false).minor)
}
