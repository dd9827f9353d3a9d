//! What a vote says: a majority of yes over no among those who voted; abstentions do not count (the usual rule of
//! funding panels, domain.md 2.2). A tie is lost unless the call gives whoever leads the casting vote.

use entity::types::{
    ids::AccountId,
    states::{VoteChoice, VoteResult},
};

/// A closed vote in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    pub yes: i32,
    pub no: i32,
    pub abstain: i32,
    pub result: VoteResult,
}

/// Counts the ballots; with a casting vote, `leading` is who closes the vote.
pub fn tally(ballots: &[(AccountId, VoteChoice)], casting: bool, leading: Option<AccountId>) -> Tally {
    let count = |choice| i32::try_from(ballots.iter().filter(|(_, c)| *c == choice).count()).unwrap_or(i32::MAX);
    let (yes, no, abstain) = (count(VoteChoice::Yes), count(VoteChoice::No), count(VoteChoice::Abstain));
    let own = ballots.iter().find(|(who, _)| Some(*who) == leading).map(|(_, choice)| *choice);
    let result = match yes.cmp(&no) {
        std::cmp::Ordering::Greater => VoteResult::Carried,
        std::cmp::Ordering::Less => VoteResult::Lost,
        std::cmp::Ordering::Equal => match own.filter(|_| casting) {
            Some(VoteChoice::Yes) => VoteResult::Casting,
            Some(VoteChoice::No) => VoteResult::Lost,
            _ => VoteResult::Tied,
        },
    };
    Tally { yes, no, abstain, result }
}

/// Too few people in the room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Only {present} of the {quorum} members that a decision needs are in the room.")]
pub struct NoQuorum {
    pub present: i32,
    pub quorum: i32,
}

/// Whether enough members are in the room for something to be decided.
///
/// # Errors
/// When there are too few.
pub fn quorate(present: usize, quorum: i32) -> Result<(), NoQuorum> {
    let present = i32::try_from(present).unwrap_or(i32::MAX);
    if present >= quorum { Ok(()) } else { Err(NoQuorum { present, quorum }) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use VoteChoice::{Abstain, No, Yes};
    use uuid::Uuid;

    fn voted(choices: &[VoteChoice]) -> Vec<(AccountId, VoteChoice)> {
        choices.iter().zip(1..).map(|(choice, n)| (AccountId(Uuid::from_u128(n)), *choice)).collect()
    }

    #[test]
    fn more_yes_than_no_carries() {
        let told = tally(&voted(&[Yes, Yes, No, Abstain]), false, None);
        assert_eq!(told, Tally { yes: 2, no: 1, abstain: 1, result: VoteResult::Carried });
        assert_eq!(tally(&voted(&[No, Abstain, Abstain]), false, None).result, VoteResult::Lost);
        assert_eq!(tally(&[], false, None).result, VoteResult::Tied);
    }

    #[test]
    fn a_tie_is_broken_by_whoever_leads_where_the_panel_says_so() {
        let chair = Some(AccountId(Uuid::from_u128(1)));
        assert_eq!(tally(&voted(&[Yes, No]), false, chair).result, VoteResult::Tied);
        assert_eq!(tally(&voted(&[Yes, No]), true, chair).result, VoteResult::Casting);
        assert_eq!(tally(&voted(&[No, Yes]), true, chair).result, VoteResult::Lost);
        assert_eq!(tally(&voted(&[Abstain, Yes, No]), true, chair).result, VoteResult::Tied);
        assert_eq!(tally(&voted(&[Yes, Yes, No]), true, chair).result, VoteResult::Carried);
    }

    #[test]
    fn below_the_quorum_nothing_is_decided() {
        assert_eq!(quorate(3, 3), Ok(()));
        assert_eq!(quorate(2, 3), Err(NoQuorum { present: 2, quorum: 3 }));
    }
}
