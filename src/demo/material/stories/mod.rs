//! What the demo's proposals are about: the seven known projects of 2017 and twenty-three made-up ones.

mod first;
mod known;
mod second;

/// One proposal in a few sentences, from which its answers are built.
pub(super) struct Story {
    pub acronym: &'static str,
    pub title: &'static str,
    /// Title and partners are those of a real project.
    pub known: bool,
    /// Keys of options of the question `sectors`.
    pub sectors: &'static [&'static str],
    /// Keys of options of the question `internationalisation_model`.
    pub models: &'static [&'static str],
    pub topic: &'static str,
    pub members: &'static str,
    pub challenge: &'static str,
    pub idea: &'static str,
    pub needs: [&'static str; 3],
    pub gain: &'static str,
    pub shared: &'static str,
    pub next: &'static str,
    pub targets: &'static [&'static str],
    /// What evaluators think of it on the whole, in hundredths of points.
    pub quality: i32,
    pub partners: &'static [Partner],
}

/// A cluster that takes part.
pub(super) struct Partner {
    pub name: &'static str,
    pub country: &'static str,
    pub city: &'static str,
    pub brings: &'static str,
}

/// All thirty, the known ones first.
pub(super) fn all() -> impl Iterator<Item = &'static Story> {
    known::KNOWN.iter().chain(&first::FIRST).chain(&second::SECOND)
}
