//! Two texts word by word, for people who want to see what a corrigendum changed.

/// A run of words that is in both texts or only in one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    Same(String),
    Removed(String),
    Added(String),
}

/// Beyond this many pairs of words the texts are shown as wholly replaced, so that no page hangs.
const MOST_PAIRS: usize = 4_000_000;

/// What became of the words, by the longest common subsequence; white space stays with the word before it.
pub fn word_changes(before: &str, after: &str) -> Vec<Piece> {
    let (old, new): (Vec<&str>, Vec<&str>) = (tokens(before), tokens(after));
    let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let tail = old[head..].iter().rev().zip(new[head..].iter().rev()).take_while(|(a, b)| a == b).count();
    let (old_mid, new_mid) = (&old[head..old.len() - tail], &new[head..new.len() - tail]);

    let mut pieces = Vec::new();
    for word in &old[..head] {
        push(&mut pieces, Piece::Same((*word).to_owned()));
    }
    middle(old_mid, new_mid, &mut pieces);
    for word in &old[old.len() - tail..] {
        push(&mut pieces, Piece::Same((*word).to_owned()));
    }
    pieces
}

fn middle(old: &[&str], new: &[&str], pieces: &mut Vec<Piece>) {
    let width = new.len() + 1;
    if old.len().saturating_mul(new.len()) > MOST_PAIRS {
        push(pieces, Piece::Removed(old.concat()));
        return push(pieces, Piece::Added(new.concat()));
    }
    let mut common = vec![0u32; (old.len() + 1) * width];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            common[i * width + j] = if old[i] == new[j] {
                common[(i + 1) * width + j + 1] + 1
            } else {
                common[(i + 1) * width + j].max(common[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            push(pieces, Piece::Same(old[i].to_owned()));
            (i, j) = (i + 1, j + 1);
        } else if i < old.len() && (j == new.len() || common[(i + 1) * width + j] >= common[i * width + j + 1]) {
            push(pieces, Piece::Removed(old[i].to_owned()));
            i += 1;
        } else {
            push(pieces, Piece::Added(new[j].to_owned()));
            j += 1;
        }
    }
}

fn tokens(text: &str) -> Vec<&str> {
    text.split_inclusive(char::is_whitespace).collect()
}

fn push(pieces: &mut Vec<Piece>, piece: Piece) {
    match (pieces.last_mut(), &piece) {
        (Some(Piece::Same(run)), Piece::Same(word))
        | (Some(Piece::Removed(run)), Piece::Removed(word))
        | (Some(Piece::Added(run)), Piece::Added(word)) => run.push_str(word),
        (_, Piece::Same(word) | Piece::Removed(word) | Piece::Added(word)) if word.is_empty() => {}
        _ => pieces.push(piece),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_word_stands_between_the_kept_ones() {
        assert_eq!(
            word_changes("Apply by 31 October at noon", "Apply by 15 November at noon"),
            vec![
                Piece::Same("Apply by ".into()),
                Piece::Removed("31 October ".into()),
                Piece::Added("15 November ".into()),
                Piece::Same("at noon".into()),
            ]
        );
        assert_eq!(word_changes("same", "same"), vec![Piece::Same("same".into())]);
        assert_eq!(word_changes("", "new"), vec![Piece::Added("new".into())]);
        assert_eq!(word_changes("", ""), vec![]);
    }

    #[test]
    fn both_texts_can_be_read_back_from_the_pieces() {
        let (before, after) = ("a b c d e f g", "x b d c e g h");
        let pieces = word_changes(before, after);
        let side = |skip: fn(&Piece) -> bool| -> String {
            pieces
                .iter()
                .filter(|p| !skip(p))
                .map(|p| match p {
                    Piece::Same(t) | Piece::Removed(t) | Piece::Added(t) => t.as_str(),
                })
                .collect()
        };
        assert_eq!(side(|p| matches!(p, Piece::Added(_))).trim(), before);
        assert_eq!(side(|p| matches!(p, Piece::Removed(_))).trim(), after);
    }
}
