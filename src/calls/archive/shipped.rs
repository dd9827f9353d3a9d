//! The real calls that come with the program.

/// Innovation Express 2016: as far as its text could be read; the rest is marked.
pub const INNOVATION_EXPRESS_2016: &str = include_str!("innovation-express-2016.json");
/// Innovation Express 2017: the best documented edition, and the one the demo runs.
pub const INNOVATION_EXPRESS_2017: &str = include_str!("innovation-express-2017.json");

/// File name and text of every shipped call.
pub const ALL: [(&str, &str); 2] = [
    ("innovation-express-2016.json", INNOVATION_EXPRESS_2016),
    ("innovation-express-2017.json", INNOVATION_EXPRESS_2017),
];
