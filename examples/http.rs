//! A small HTTP endpoint on loopback that answers questions as JSON: `GET /?q=share+of+not_held`.
//!
//! `cargo run --example http` asks itself one question and stops; `-- serve` goes on serving.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example speaks to its reader")]

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    thread,
};

use gongkai::{Database, Error, ingest::Options, messages::Lang, render::json};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let database = Database::in_memory();
    for entry in std::fs::read_dir("examples/data")? {
        database.ingest(entry?.path(), &Options::default())?;
    }
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    eprintln!("http://{address}/?q=share+of+not_held+by+year");
    if std::env::args().nth(1).as_deref() == Some("serve") {
        for stream in listener.incoming() {
            answer(&database, stream?)?;
        }
        return Ok(());
    }
    let client = thread::spawn(move || -> std::io::Result<String> {
        let mut stream = TcpStream::connect(address)?;
        write!(stream, "GET /?q=share+of+not_held+by+year+in+@140109 HTTP/1.1\r\n\r\n")?;
        let mut text = String::new();
        stream.read_to_string(&mut text)?;
        Ok(text)
    });
    answer(&database, listener.accept()?.0)?;
    println!("{}", client.join().map_err(|_| "the client failed")??);
    Ok(())
}

/// Answers one request; the request line is all that is read of it.
fn answer(database: &Database, mut stream: TcpStream) -> std::io::Result<()> {
    let mut line = String::new();
    BufReader::new(&stream).take(64 * 1024).read_line(&mut line)?;
    let query = line.split_whitespace().nth(1).and_then(|path| path.split_once("q=")).map_or("", |(_, query)| query);
    let (status, body) = match database.query(&decode(query)) {
        Ok(answer) => ("200 OK", serde_json::to_string(&json::object(&answer, None, Lang::En)).unwrap_or_default()),
        Err(error) => ("400 Bad Request", complaint(&error)),
    };
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

fn complaint(error: &Error) -> String {
    serde_json::json!({ "error": error.to_string(), "diagnostics": error.diagnostics() }).to_string()
}

/// `%E4%B8%87` and `+` as text.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16));
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => match (digit(rest.next()), digit(rest.next())) {
                (Some(high), Some(low)) => u8::try_from(high * 16 + low).unwrap_or(b'?'),
                _ => b'?',
            },
            other => other,
        });
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
