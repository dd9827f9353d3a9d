//! Many connections at once, each with one request after another.

use super::client::Connection;
use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

/// How many answers a second come back when so many connections ask for the same thing for so long.
pub async fn same(at: SocketAddr, request: &[u8], connections: usize, time: Duration) -> anyhow::Result<f64> {
    let request: Arc<[u8]> = request.into();
    let start = Instant::now();
    let ask = |mut connection: Connection| {
        let request = request.clone();
        async move {
            let mut answers = 0_u32;
            while start.elapsed() < time {
                connection.count(&request, 200).await?;
                answers += 1;
            }
            Ok::<_, anyhow::Error>(answers)
        }
    };
    let mut tasks = Vec::new();
    for _ in 0..connections {
        tasks.push(tokio::spawn(ask(Connection::open(at).await?)));
    }
    let mut answers = 0;
    for task in tasks {
        answers += task.await??;
    }
    Ok(f64::from(answers) / start.elapsed().as_secs_f64())
}

/// How many requests a second are answered when these are sent once each over so many connections.
pub async fn each(at: SocketAddr, requests: Vec<Vec<u8>>, connections: usize, status: u16) -> anyhow::Result<f64> {
    let all = requests.len();
    let mut shares: Vec<Vec<Vec<u8>>> = (0..connections).map(|_| Vec::new()).collect();
    for (n, request) in requests.into_iter().enumerate() {
        shares[n % connections].push(request);
    }
    let mut ready = Vec::new();
    for share in shares {
        ready.push((Connection::open(at).await?, share));
    }
    let start = Instant::now();
    let tasks: Vec<_> = ready
        .into_iter()
        .map(|(mut connection, share)| {
            tokio::spawn(async move {
                for request in share {
                    connection.count(&request, status).await?;
                }
                Ok::<_, anyhow::Error>(())
            })
        })
        .collect();
    for task in tasks {
        task.await??;
    }
    Ok(all as f64 / start.elapsed().as_secs_f64())
}
