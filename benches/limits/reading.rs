//! Pages: how many a second beside a page of the same size that is only bytes, and long lists beside short ones.

use super::{
    client::{Connection, get},
    house::{BARE, House, SignedIn},
    rush,
    stats::{Aim, Sample, Verdicts},
};
use entity::types::ids::CallId;
use std::time::{Duration, Instant};

const CONNECTIONS: usize = 16;
const ROUNDS: usize = 5;
const TURN: Duration = Duration::from_millis(900);
const TRIES: usize = 60;

/// The public page of a call beside a page of bytes.
pub async fn call_page(house: &House, code: &str, verdicts: &mut Verdicts) -> anyhow::Result<()> {
    let path = format!("/calls/{code}");
    let first = house.read(&path, "").await?;
    let cookie = first.cookie();
    let bytes = house.read(&path, &cookie).await?.body.len();
    let at = House::serve(&house.app, bytes).await?;
    let (bare, ours) = (get(BARE, &cookie), get(&path, &cookie));
    println!(
        "\nA page everybody reads: the call of 2017, {bytes} bytes; {CONNECTIONS} kept connections, {ROUNDS} rounds"
    );
    let (mut bare_rate, mut our_rate) = (Sample::default(), Sample::default());
    rush::same(at, &bare, CONNECTIONS, TURN / 3).await?;
    rush::same(at, &ours, CONNECTIONS, TURN / 3).await?;
    for _ in 0..ROUNDS {
        bare_rate.push(rush::same(at, &bare, CONNECTIONS, TURN).await?);
        our_rate.push(rush::same(at, &ours, CONNECTIONS, TURN).await?);
    }
    let ratio = our_rate.median() / bare_rate.median();
    println!("  bytes of that size from a plain handler  {}", bare_rate.told("pages/s"));
    println!("  the page of the call                     {}", our_rate.told("pages/s"));
    println!("  {}", verdicts.judge("call page / plain page of its size", ratio, Aim::AtLeast(0.5)));
    Ok(())
}

/// A house whose staff has a list of so many proposals.
pub struct Shelf<'a> {
    pub house: &'a House,
    pub officer: SignedIn,
    pub call: CallId,
    pub proposals: usize,
}

impl Shelf<'_> {
    fn path(&self, query: &str) -> String {
        format!("/staff/calls/{}/proposals{query}", self.call)
    }
}

/// The staff's list of many proposals beside that of few, one reader at a time.
pub async fn lists(few: &Shelf<'_>, many: &Shelf<'_>, verdicts: &mut Verdicts) -> anyhow::Result<()> {
    println!(
        "\nThe staff's list of proposals through HTTP, signed in, 25 a page: {} and {} proposals, each in a \
         database of its own; one reader, {TRIES} times in turn",
        few.proposals, many.proposals
    );
    let last = |shelf: &Shelf<'_>| format!("?page={}", shelf.proposals.div_ceil(25));
    let same = |query: &str| (query.to_owned(), query.to_owned());
    let asked = [
        ("first page", same("")),
        ("last page", (last(few), last(many))),
        ("sorted by title, downwards", same("?sort=title&direction=desc")),
        ("parts of one state", same("?state=eligible")),
        ("one country", same("?country=LT")),
        ("the word “harbour”", same("?q=harbour")),
        ("a word nobody wrote", same("?q=zeppelin")),
    ];
    for (what, (short, long)) in asked {
        let requests = [get(&few.path(&short), &few.officer.cookie), get(&many.path(&long), &many.officer.cookie)];
        let mut doors = [Connection::open(few.house.at).await?, Connection::open(many.house.at).await?];
        let mut times = [Sample::default(), Sample::default()];
        for turn in 0..TRIES + 5 {
            for side in 0..2 {
                let start = Instant::now();
                doors[side].count(&requests[side], 200).await?;
                if turn >= 5 {
                    times[side].push(start.elapsed().as_secs_f64() * 1000.0);
                }
            }
        }
        let ratio = times[1].median() / times[0].median();
        println!("  {what}");
        println!("    {:>6} proposals  {}", few.proposals, times[0].told("ms"));
        println!("    {:>6} proposals  {}", many.proposals, times[1].told("ms"));
        println!("    {}", verdicts.judge(&format!("{what}, many / few"), ratio, Aim::AtMost(1.5)));
    }
    Ok(())
}

/// How many pages of the long list a second, beside a page of bytes.
pub async fn long_list(many: &Shelf<'_>) -> anyhow::Result<()> {
    let path = many.path("");
    let bytes = many.house.read(&path, &many.officer.cookie).await?.body.len();
    let at = House::serve(&many.house.app, bytes).await?;
    let (bare, ours) = (get(BARE, ""), get(&path, &many.officer.cookie));
    let (mut bare_rate, mut our_rate) = (Sample::default(), Sample::default());
    for _ in 0..3 {
        bare_rate.push(rush::same(at, &bare, CONNECTIONS, TURN / 2).await?);
        our_rate.push(rush::same(at, &ours, CONNECTIONS, TURN / 2).await?);
    }
    println!("  the first page of {} proposals, {bytes} bytes, {CONNECTIONS} readers at once", many.proposals);
    println!("    bytes of that size from a plain handler  {}", bare_rate.told("pages/s"));
    println!("    the list, made anew from the database    {}", our_rate.told("pages/s"));
    println!("    ratio {:.3}, no aim", our_rate.median() / bare_rate.median());
    Ok(())
}
