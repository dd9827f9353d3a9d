//! The articles as data: for whom, how much, up to which amount without notification, from when until when.

use super::super::{finding::Source, sme::Class};
use super::gber;
use chrono::NaiveDate;
use entity::types::{share::Share, terms::Basis};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// Article 17.
    SmeInvestment,
    /// Article 18: outside advice, none that is continuous, periodic or routine.
    Consultancy,
    /// Article 19: hiring, setting up and running the stand.
    Fairs,
    /// Article 20: costs in European Territorial Cooperation projects.
    Territorial,
    /// Article 20a: small amounts in them.
    TerritorialSmall,
    /// Article 27, investment.
    ClusterInvestment,
    /// Article 27, operation: at most ten years.
    ClusterOperation,
    /// Article 28: patents, seconded staff, innovation advice.
    Innovation,
    /// Article 28(4): advice and support for innovation up to the whole, within a cap over three years.
    InnovationAdvice,
    /// Article 29: process and organisational innovation.
    Process,
    /// Article 31.
    Training,
}

/// Over what a threshold is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Per {
    UndertakingAndProject,
    UndertakingAndYear,
    UndertakingAndThreeYears,
    Cluster,
    Project,
}

/// Greatest shares by size, before increases; none where the article is closed to the size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Shares {
    /// Micro enterprises are small ones here.
    small: Option<Share>,
    medium: Option<Share>,
    large: Option<Share>,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Article {
    pub key: Key,
    pub source: Source,
    pub from: NaiveDate,
    pub until: NaiveDate,
    shares: Shares,
    /// Euro; above it the award must be notified (Article 4), or, for caps, is not allowed.
    pub threshold: Option<i64>,
    pub per: Per,
    /// Where the amounts come from; what is not sourced needs a look into the consolidated text.
    pub basis: Basis,
}

const fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

/// Regulation (EU) 2023/1315 is in force from this day.
const AMENDED: NaiveDate = day(2023, 7, 1);
const BEFORE: NaiveDate = day(2023, 6, 30);
const FIRST: NaiveDate = day(2014, 7, 1);
/// Article 59; schemes have six months more (Article 58(4)).
const LAST: NaiveDate = day(2026, 12, 31);
pub(super) const GRACE: NaiveDate = day(2027, 6, 30);

const fn smes(percent: i32) -> Shares {
    let share = Some(Share::percent(percent));
    Shares { small: share, medium: share, large: None }
}

const fn sizes(small: i32, medium: i32, large: Option<i32>) -> Shares {
    let large = match large {
        Some(percent) => Some(Share::percent(percent)),
        None => None,
    };
    Shares { small: Some(Share::percent(small)), medium: Some(Share::percent(medium)), large }
}

/// One row for the text of today and one for that before, which differ in the threshold.
const fn rows(
    key: Key,
    place: &'static str,
    shares: Shares,
    before: i64,
    now: i64,
    per: Per,
    basis: Basis,
) -> [Article; 2] {
    let source = gber(place);
    [
        Article { key, source, from: AMENDED, until: LAST, shares, threshold: Some(now), per, basis },
        Article {
            key,
            source,
            from: FIRST,
            until: BEFORE,
            shares,
            threshold: Some(before),
            per,
            basis: Basis::Assumed,
        },
    ]
}

use Basis::{Derived, Sourced};
use Per::{Cluster, Project, UndertakingAndProject, UndertakingAndThreeYears, UndertakingAndYear};

static ARTICLES: [[Article; 2]; 11] = [
    rows(Key::SmeInvestment, "Article 17", sizes(20, 10, None), 7_500_000, 8_250_000, UndertakingAndProject, Sourced),
    rows(Key::Consultancy, "Article 18", smes(50), 2_000_000, 2_200_000, UndertakingAndProject, Sourced),
    rows(Key::Fairs, "Article 19", smes(50), 2_000_000, 2_200_000, UndertakingAndYear, Sourced),
    territorial(),
    territorial_small(),
    rows(
        Key::ClusterInvestment,
        "Article 27(5) and (6)",
        sizes(50, 50, Some(50)),
        7_500_000,
        10_000_000,
        Cluster,
        Sourced,
    ),
    rows(
        Key::ClusterOperation,
        "Article 27(7) to (9)",
        sizes(50, 50, Some(50)),
        7_500_000,
        10_000_000,
        Cluster,
        Sourced,
    ),
    rows(Key::Innovation, "Article 28(3)", smes(50), 5_000_000, 10_000_000, UndertakingAndProject, Sourced),
    rows(Key::InnovationAdvice, "Article 28(4)", smes(100), 200_000, 220_000, UndertakingAndThreeYears, Derived),
    rows(Key::Process, "Article 29", sizes(50, 50, Some(15)), 7_500_000, 12_500_000, UndertakingAndProject, Sourced),
    rows(Key::Training, "Article 31", sizes(70, 60, Some(50)), 2_000_000, 3_000_000, Project, Derived),
];

/// Open to all sizes since Regulation (EU) 2021/1237; before, to SMEs with half of the costs.
const fn territorial() -> [Article; 2] {
    let (key, source, per) = (Key::Territorial, gber("Article 20"), UndertakingAndProject);
    [
        Article {
            key,
            source,
            from: day(2021, 8, 1),
            until: LAST,
            shares: sizes(80, 80, Some(80)),
            threshold: Some(2_200_000),
            per,
            basis: Sourced,
        },
        Article {
            key,
            source,
            from: FIRST,
            until: day(2021, 7, 31),
            shares: smes(50),
            threshold: Some(2_000_000),
            per,
            basis: Basis::Assumed,
        },
    ]
}

/// There is no such article before August 2021.
const fn territorial_small() -> [Article; 2] {
    let (key, source, per) = (Key::TerritorialSmall, gber("Article 20a"), UndertakingAndProject);
    let shares = sizes(100, 100, Some(100));
    [
        Article { key, source, from: AMENDED, until: LAST, shares, threshold: Some(22_000), per, basis: Sourced },
        Article {
            key,
            source,
            from: day(2021, 8, 1),
            until: BEFORE,
            shares,
            threshold: Some(20_000),
            per,
            basis: Basis::Assumed,
        },
    ]
}

/// An article as it stood on a day; none outside its time. In the six months after the end the last text holds.
pub fn article(key: Key, on: NaiveDate) -> Option<&'static Article> {
    let until = |article: &Article| if article.until == LAST { GRACE } else { article.until };
    ARTICLES.iter().flatten().find(|article| article.key == key && article.from <= on && on <= until(article))
}

/// Assisted areas, which raise some shares (Article 27(6)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Area {
    #[default]
    None,
    /// Article 107(3)(a) of the Treaty.
    A,
    /// Article 107(3)(c).
    C,
}

/// What moves a share up, or opens an article to large undertakings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Facts {
    pub area: Area,
    /// Training for workers with disabilities or disadvantaged workers (Article 31(4)(a)).
    pub disadvantaged: bool,
    /// What SMEs bear of all eligible costs of the project (Article 29(2)).
    pub borne_by_smes: Option<Share>,
    /// Whether the project falls under the Interreg regulations (Articles 20 and 20a).
    pub interreg: bool,
}

/// Why an article cannot be used at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// Not open to undertakings of this size.
    Size,
    /// A large undertaking with too little cooperation of SMEs.
    TooFewSmes,
    /// Not an Interreg project.
    NotInterreg,
}

impl Article {
    /// Whether the amount is a cap that may not be passed, and not a threshold above which aid is notified.
    pub fn is_cap(&self) -> bool {
        matches!(self.key, Key::TerritorialSmall | Key::InnovationAdvice)
    }

    /// The greatest share of eligible costs.
    ///
    /// # Errors
    /// When the article is closed to the size or the project.
    pub fn share(&self, class: Class, facts: &Facts) -> Result<Share, Refused> {
        let share = match class {
            Class::Micro | Class::Small => self.shares.small,
            Class::Medium => self.shares.medium,
            Class::NotSme => self.shares.large,
        };
        let share = share.ok_or(Refused::Size)?;
        let raised =
            |percent: i32, most: i32| Share::from_basis_points((share.basis_points() + percent * 100).min(most * 100));
        match self.key {
            Key::Territorial | Key::TerritorialSmall if !facts.interreg => Err(Refused::NotInterreg),
            Key::Process if class == Class::NotSme => {
                let enough = facts.borne_by_smes.is_some_and(|borne| borne >= Share::percent(30));
                if enough { Ok(share) } else { Err(Refused::TooFewSmes) }
            }
            Key::ClusterInvestment => Ok(match facts.area {
                Area::None => share,
                Area::A => raised(15, 100),
                Area::C => raised(5, 100),
            }),
            Key::Training if facts.disadvantaged => Ok(raised(10, 70)),
            _ => Ok(share),
        }
    }
}
