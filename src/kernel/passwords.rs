//! Passwords: hashed with argon2id, on as many threads as there are cores and with memory that is kept.
//!
//! A flood of sign-ins waits in a short queue and is then turned away; it can exhaust neither memory nor the
//! threads that answer pages. An unknown address costs as much time as a wrong password.

use super::error::{AppError, Result};
use super::secret::same;
use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use entity::types::BadValue;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;

/// How long a password must and may be, in characters (NIST SP 800-63B: long ones must be possible).
const LENGTH: std::ops::RangeInclusive<usize> = 12..=128;
/// How many characters must be left of a password when the person's name and address are taken out.
const OWN: usize = 8;
/// How many wait for each core before others are turned away: some half a second.
const WAITING_PER_CORE: usize = 32;
/// The most memory a stored hash may ask for, in KiB.
const MOST_MEMORY: u32 = 256 * 1024;

/// What hashing one password costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    pub memory_kib: u32,
    pub rounds: u32,
}

impl Cost {
    /// The recommendation of the OWASP Password Storage Cheat Sheet for argon2id: 19 MiB, two rounds, one lane.
    pub const OWASP: Self = Self { memory_kib: 19 * 1024, rounds: 2 };
}

/// The one place where passwords are hashed and checked.
#[derive(Clone)]
pub struct Passwords {
    cost: Cost,
    /// A seat for everyone who is served or waits.
    seats: Arc<Semaphore>,
    /// A permit for everyone who is served.
    cores: Arc<Semaphore>,
    memory: Arc<Mutex<Vec<Vec<Block>>>>,
}

impl Passwords {
    /// For a machine with this many cores.
    pub fn new(cores: usize) -> Self {
        let cores = cores.max(1);
        Self::with(cores, cores * WAITING_PER_CORE, Cost::OWASP)
    }

    /// With another queue and another cost.
    pub fn with(cores: usize, waiting: usize, cost: Cost) -> Self {
        Self {
            cost,
            seats: Arc::new(Semaphore::new(cores + waiting)),
            cores: Arc::new(Semaphore::new(cores)),
            memory: Arc::default(),
        }
    }

    /// The password as a text that can be stored (PHC string format).
    ///
    /// # Errors
    /// [`AppError::Busy`] when too many wait already.
    pub async fn hash(&self, password: String, salt: [u8; 16]) -> Result<String> {
        let cost = self.cost;
        self.serve(move |memory| {
            let params = params(cost)?;
            let hash = compute(&password, &salt, &params, memory)?;
            let hash = PasswordHash {
                algorithm: Algorithm::Argon2id.ident(),
                version: Some(u32::from(Version::V0x13)),
                params: ParamsString::try_from(&params).map_err(failed)?,
                salt: Some(Salt::new(&salt).map_err(failed)?),
                hash: Some(Output::new(&hash).map_err(failed)?),
            };
            Ok(hash.to_string())
        })
        .await
    }

    /// Whether this is the password of a stored hash; a text that is no hash matches nothing.
    ///
    /// # Errors
    /// [`AppError::Busy`] when too many wait already.
    pub async fn verify(&self, password: String, phc: String) -> Result<bool> {
        let Some((params, salt, expected)) = parse(&phc) else {
            return self.verify_nobody(password).await;
        };
        self.serve(move |memory| Ok(same(&compute(&password, &salt, &params, memory)?, &expected))).await
    }

    /// Takes as long as [`Passwords::verify`] and finds that nobody has this password: for unknown addresses.
    ///
    /// # Errors
    /// [`AppError::Busy`] when too many wait already.
    pub async fn verify_nobody(&self, password: String) -> Result<bool> {
        let cost = self.cost;
        self.serve(move |memory| {
            compute(&password, &[0; 16], &params(cost)?, memory)?;
            Ok(false)
        })
        .await
    }

    /// Whether a stored hash was made at another cost and should be made anew at the next sign-in.
    pub fn needs_rehash(&self, phc: &str) -> bool {
        parse(phc).is_none_or(|(params, ..)| {
            (params.m_cost(), params.t_cost(), params.p_cost()) != (self.cost.memory_kib, self.cost.rounds, 1)
        })
    }

    async fn serve<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Vec<Block>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let seat = Arc::clone(&self.seats).try_acquire_owned().map_err(|_| AppError::Busy)?;
        let core = Arc::clone(&self.cores).acquire_owned().await.map_err(failed)?;
        let pool = Arc::clone(&self.memory);
        // Seat and core go with the work: it goes on when the request goes away, and is counted until its end.
        tokio::task::spawn_blocking(move || {
            let mut memory = pool.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
            let result = work(&mut memory);
            pool.lock().unwrap_or_else(PoisonError::into_inner).push(memory);
            drop((core, seat));
            result
        })
        .await
        .map_err(failed)?
    }
}

fn failed(error: impl std::fmt::Display) -> AppError {
    AppError::Broken(anyhow::anyhow!("a password could not be hashed: {error}"))
}

fn params(cost: Cost) -> Result<Params> {
    Params::new(cost.memory_kib, cost.rounds, 1, Some(Params::DEFAULT_OUTPUT_LEN)).map_err(failed)
}

fn compute(
    password: &str,
    salt: &[u8],
    params: &Params,
    memory: &mut Vec<Block>,
) -> Result<[u8; Params::DEFAULT_OUTPUT_LEN]> {
    let blocks = params.block_count();
    if memory.len() < blocks {
        memory.resize(blocks, Block::new());
    }
    let mut hash = [0; Params::DEFAULT_OUTPUT_LEN];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone())
        .hash_password_into_with_memory(password.as_bytes(), salt, &mut hash, &mut memory[..blocks])
        .map_err(failed)?;
    Ok(hash)
}

/// Cost, salt and hash of a stored text, if it is one this house can have written.
fn parse(phc: &str) -> Option<(Params, Vec<u8>, Vec<u8>)> {
    let stored = PasswordHash::new(phc).ok()?;
    let params = Params::try_from(&stored).ok()?;
    let known = stored.algorithm == Algorithm::Argon2id.ident()
        && stored.version == Some(u32::from(Version::V0x13))
        && params.m_cost() <= MOST_MEMORY;
    let (salt, hash) = (stored.salt?, stored.hash?);
    (known && hash.len() == Params::DEFAULT_OUTPUT_LEN).then(|| (params, salt.to_vec(), hash.as_bytes().to_vec()))
}

/// Whether a new password is long enough and hard to guess; `known` are the person's name and address,
/// which an attacker tries first.
///
/// # Errors
/// When it is too short, too long, or would be guessed.
pub fn strength(password: &str, known: &[&str]) -> Result<(), BadValue> {
    let length = password.chars().count();
    if length < *LENGTH.start() {
        return Err(BadValue::new(format!("Use at least {} characters; this has {length}", LENGTH.start())));
    }
    if length > *LENGTH.end() {
        return Err(BadValue::new(format!("Use at most {} characters; this has {length}", LENGTH.end())));
    }
    let words: Vec<&str> = known
        .iter()
        .flat_map(|text| std::iter::once(*text).chain(text.split(|c: char| !c.is_alphanumeric())))
        .chain(["fairway"])
        .filter(|word| word.chars().count() > 2)
        .collect();
    let strong = |words: &[&str]| zxcvbn::zxcvbn(password, words).score() >= zxcvbn::Score::Three;
    // Known words joined by a sign look strong to the estimate, which counts the joints.
    let own = words.iter().fold(password.to_lowercase(), |left, word| left.replace(&word.to_lowercase(), ""));
    let own_enough = own.chars().count() >= OWN;
    if own_enough && strong(&words) {
        Ok(())
    } else if strong(&[]) {
        Err(BadValue::new("Leave out your name, your e-mail address and the name of this site"))
    } else {
        Err(BadValue::new("This would be guessed quickly. Use four or more words that do not belong together"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    const QUICK: Cost = Cost { memory_kib: 64, rounds: 1 };

    #[tokio::test]
    async fn a_password_is_known_again_and_no_other() {
        let passwords = Passwords::new(2);

        let phc = passwords.hash("Blåbær i skogen 7".into(), [7; 16]).await.unwrap();

        assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$BwcHBwcHBwcHBwcHBwcHBw$"), "{phc}");
        assert!(passwords.verify("Blåbær i skogen 7".into(), phc.clone()).await.unwrap());
        assert!(!passwords.verify("blåbær i skogen 7".into(), phc.clone()).await.unwrap());
        assert!(!passwords.verify(String::new(), phc.clone()).await.unwrap());
        assert!(!passwords.needs_rehash(&phc));
    }

    /// A vector of the reference implementation: "password" with "somesalt" at m=65536, t=2, p=1.
    #[tokio::test]
    async fn hashes_of_other_programs_are_understood() {
        let phc = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
        let passwords = Passwords::with(1, 1, QUICK);

        assert!(passwords.verify("password".into(), phc.into()).await.unwrap());
        assert!(!passwords.verify("differentpassword".into(), phc.into()).await.unwrap());
        assert!(passwords.needs_rehash(phc));
    }

    #[tokio::test]
    async fn what_is_no_hash_matches_nothing() {
        let passwords = Passwords::with(1, 1, QUICK);
        let greedy = "$argon2id$v=19$m=4194304,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
        for phc in ["", "plain", "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ", "$2b$12$abc", greedy] {
            assert!(!passwords.verify("x".into(), phc.into()).await.unwrap(), "{phc}");
            assert!(passwords.needs_rehash(phc));
        }
    }

    #[tokio::test]
    async fn nobody_costs_as_much_as_somebody() {
        let passwords = Passwords::new(1);
        let phc = passwords.hash("correct horse battery".into(), [1; 16]).await.unwrap();
        let mut took = [Duration::MAX; 2];
        for _ in 0..5 {
            let start = Instant::now();
            assert!(!passwords.verify("wrong".into(), phc.clone()).await.unwrap());
            let between = Instant::now();
            assert!(!passwords.verify_nobody("wrong".into()).await.unwrap());
            took = [took[0].min(between - start), took[1].min(between.elapsed())];
        }
        let ratio = took[0].as_secs_f64() / took[1].as_secs_f64();
        assert!((0.4..2.5).contains(&ratio), "{took:?}");
    }

    #[tokio::test]
    async fn a_flood_is_turned_away_and_needs_no_more_memory() {
        let passwords = Passwords::with(2, 3, QUICK);

        let cores = passwords.cores.acquire_many(2).await.unwrap();
        let mut flood = futures_util::future::join_all((0..20).map(|_| passwords.verify_nobody("x".into())));
        assert!(futures_util::poll!(&mut flood).is_pending());
        drop(cores);
        let all = flood.await;

        let busy = all.iter().filter(|result| matches!(result, Err(AppError::Busy))).count();
        assert_eq!((all.len() - busy, busy), (5, 15));
        assert!(passwords.memory.lock().unwrap().len() <= 2);
        assert!(!passwords.verify_nobody("x".into()).await.unwrap());
    }

    #[tokio::test]
    async fn a_request_that_goes_away_gives_its_seat_back() {
        let passwords = Passwords::with(1, 0, Cost { memory_kib: 8 * 1024, rounds: 4 });

        let gone = tokio::time::timeout(Duration::from_millis(1), passwords.verify_nobody("x".into())).await;
        assert!(gone.is_err());
        let _seat = tokio::time::timeout(Duration::from_secs(10), passwords.seats.acquire()).await.unwrap().unwrap();
    }

    #[test]
    fn weak_passwords_are_refused_in_plain_words() {
        let known = ["Åse Bjørnstad", "ase.bjornstad@nordvest.example"];
        let guessed = "This would be guessed quickly. Use four or more words that do not belong together";
        for (password, message) in [
            ("short", "Use at least 12 characters; this has 5"),
            ("åååååååååå", "Use at least 12 characters; this has 10"),
            ("password1234", guessed),
            ("qwertyuiop12", guessed),
            ("aaaaaaaaaaaaaaaa", guessed),
            ("bjornstad-nordvest", "Leave out your name, your e-mail address and the name of this site"),
        ] {
            assert_eq!(strength(password, &known), Err(BadValue::new(message)), "{password}");
        }
        assert!(strength(&"x1Yz".repeat(33), &known).unwrap_err().to_string().starts_with("Use at most 128"));
        for good in ["correct horse battery staple", "Tr4fikk-lys på månen", "vP9#kq2!xW7mZt"] {
            assert_eq!(strength(good, &known), Ok(()), "{good}");
        }
    }
}
