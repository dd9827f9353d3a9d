//! When a mail is tried again, and how held mails become one.

use chrono::TimeDelta;

/// Pauses after the first, second, … failure, in minutes. A queueing mail server tries for days, not for
/// minutes (RFC 5321, section 4.5.4.1: at least 30 minutes between tries, given up after four to five days);
/// ours begins faster, because most failures are short.
const PAUSES: [i64; 9] = [1, 5, 15, 60, 180, 360, 720, 720, 720];

/// The pause after so many failed tries; none when the mail is given up.
pub fn pause(tries: i32) -> Option<TimeDelta> {
    let at = usize::try_from(tries.max(1) - 1).unwrap_or(0);
    PAUSES.get(at).map(|&minutes| TimeDelta::minutes(minutes))
}

/// A mail's text as it stands in a digest: addresses on lines of their own become links again.
pub fn quoted(text: &str) -> String {
    let line = |line: &str| match line.trim() {
        address if address.starts_with("https://") || address.starts_with("http://") => format!("→ {address}"),
        _ => line.to_owned(),
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_two_days_and_end() {
        let all: Vec<TimeDelta> = (1..).map_while(pause).collect();
        assert!(all.windows(2).all(|two| two[0] <= two[1]));
        assert!(all.iter().copied().sum::<TimeDelta>() >= TimeDelta::days(1));
        assert_eq!(pause(10), None);
        assert_eq!(pause(0), Some(TimeDelta::minutes(1)));
    }

    #[test]
    fn links_stay_links() {
        assert_eq!(quoted("See\nhttps://f.example/x\nBye"), "See\n→ https://f.example/x\nBye");
    }
}
