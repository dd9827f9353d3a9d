//! Builds the style sheet, the fonts and the script of the pages: `npm ci` once per lock, then esbuild.
//!
//! Nothing of the packages is committed; the lock pins them by SHA-512. A packager without npm points
//! `FAIRWAY_ASSETS_DIR` at a folder built elsewhere. On a Debian machine the administrator's build installs Node.js
//! and npm where they are missing, so that the two commands of the README need nothing else.

#![expect(clippy::disallowed_methods, reason = "cargo speaks to a build script through its environment")]

use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, io};

const SOURCE: &str = "templates/assets";
const NO_NPM: &str = "Fairway takes its style sheet and fonts from npm while it is built: install Node.js 20 or newer \
                      with npm (Debian: apt-get install nodejs npm), or set FAIRWAY_ASSETS_DIR to a folder of built assets";
/// Packages whose licence travels with the built files.
const LICENSED: [&str; 2] = ["@digdir/designsystemet-css", "@fontsource-variable/inter"];

fn main() {
    for watched in ["build.rs", "package.json", "package-lock.json", "favicon.svg", "css", "js"] {
        println!("cargo::rerun-if-changed={SOURCE}/{watched}");
    }
    println!("cargo::rerun-if-env-changed=FAIRWAY_ASSETS_DIR");
    if let Err(message) = build() {
        for line in message.lines().filter(|line| !line.trim().is_empty()) {
            println!("cargo::error={line}");
        }
    }
}

fn build() -> Result<(), String> {
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("OUT_DIR is not set: run this through cargo")?);
    let dist = out.join("dist");
    if dist.exists() {
        fs::remove_dir_all(&dist).map_err(|e| format!("{}: {e}", dist.display()))?;
    }
    fs::create_dir_all(&dist).map_err(|e| format!("{}: {e}", dist.display()))?;
    match env::var_os("FAIRWAY_ASSETS_DIR") {
        Some(built) => copy_built(Path::new(&built), &dist)?,
        None => {
            let web = target_dir(&out).join("web");
            ensure_node()?;
            install(&web)?;
            bundle(&web, &dist)?;
            licences(&web, &dist)?;
            fs::copy(format!("{SOURCE}/favicon.svg"), dist.join("favicon.svg"))
                .map_err(|e| format!("favicon.svg: {e}"))?;
        }
    }
    write_names(&dist, &out.join("names.rs"))
}

/// The target folder is the one cargo marked as a cache; packages are shared by all profiles in it.
fn target_dir(out: &Path) -> PathBuf {
    out.ancestors().find(|dir| dir.join("CACHEDIR.TAG").exists()).unwrap_or(out).to_owned()
}

fn copy_built(from: &Path, dist: &Path) -> Result<(), String> {
    let told = |e: io::Error| format!("FAIRWAY_ASSETS_DIR ({}): {e}", from.display());
    for entry in fs::read_dir(from).map_err(told)? {
        let entry = entry.map_err(told)?;
        if entry.path().is_file() {
            fs::copy(entry.path(), dist.join(entry.file_name())).map_err(told)?;
        }
    }
    Ok(())
}

/// Installs Debian's Node.js and npm where they are missing and the administrator builds; elsewhere the message of
/// whoever misses them says what to do.
fn ensure_node() -> Result<(), String> {
    if (found("node") && found("npm")) || !found("apt-get") || !is_root() {
        return Ok(());
    }
    println!("cargo::warning=installing the Debian packages nodejs and npm");
    let apt = |arguments: &[&str], name: &str| {
        let mut apt = Command::new("apt-get");
        apt.args(["-q", "-o", "DPkg::Lock::Timeout=300"]).args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
        run(&mut apt, name)
    };
    // Lists that are old may do all the same.
    let updated = apt(&["update"], "apt-get update");
    apt(&["install", "-y", "--no-install-recommends", "nodejs", "npm"], "apt-get install").or_else(|e| {
        updated?;
        Err(e)
    })
}

fn found(program: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

/// Runs `npm ci` when the lock differs from the one the folder was filled with. An editor and a terminal may
/// build at once, so the folder is locked meanwhile.
fn install(web: &Path) -> Result<(), String> {
    let told = |e: io::Error| format!("{}: {e}", web.display());
    fs::create_dir_all(web).map_err(told)?;
    let guard = File::create(web.join(".lock")).map_err(told)?;
    guard.lock().map_err(told)?;
    let lock =
        fs::read_to_string(format!("{SOURCE}/package-lock.json")).map_err(|e| format!("package-lock.json: {e}"))?;
    let stamp = web.join(".installed");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    let _ = fs::remove_file(&stamp);
    for file in ["package.json", "package-lock.json"] {
        fs::copy(format!("{SOURCE}/{file}"), web.join(file)).map_err(told)?;
    }
    let mut npm = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    npm.args(["ci", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"]);
    run(npm.current_dir(web), "npm ci")?;
    fs::write(&stamp, lock).map_err(told)
}

fn bundle(web: &Path, dist: &Path) -> Result<(), String> {
    let modules = web.join("node_modules");
    let mut esbuild = Command::new("node");
    esbuild
        .arg(modules.join("esbuild/bin/esbuild"))
        .args([format!("{SOURCE}/css/app.css"), format!("{SOURCE}/js/app.js")])
        .args(["--bundle", "--minify", "--format=iife", "--target=chrome109,firefox115,safari16"])
        .args(["--loader:.woff2=file", "--entry-names=[name]-[hash]", "--asset-names=[name]-[hash]"])
        .args(["--legal-comments=none", "--log-level=warning"])
        .arg(format!("--outdir={}", dist.display()))
        .env("NODE_PATH", &modules);
    run(&mut esbuild, "esbuild")
}

fn licences(web: &Path, dist: &Path) -> Result<(), String> {
    let mut all = String::new();
    for name in LICENSED {
        let file = web.join("node_modules").join(name).join("LICENSE");
        let text = fs::read_to_string(&file).map_err(|e| format!("{}: {e}", file.display()))?;
        let _ = writeln!(all, "{name}\n\n{}\n\n", text.trim());
    }
    fs::write(dist.join("licences.txt"), all).map_err(|e| format!("licences.txt: {e}"))
}

fn run(command: &mut Command, name: &str) -> Result<(), String> {
    let output = match command.output() {
        Ok(output) => output,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Err(format!("{name}: program not found. {NO_NPM}")),
        Err(e) => return Err(format!("{name}: {e}")),
    };
    let said = format!("{}{}", String::from_utf8_lossy(&output.stderr), String::from_utf8_lossy(&output.stdout));
    if !output.status.success() {
        return Err(format!("{name} failed ({}). {NO_NPM}\n{said}", output.status));
    }
    if name == "esbuild" {
        for line in said.lines().filter(|line| !line.trim().is_empty()) {
            println!("cargo::warning={line}");
        }
    }
    Ok(())
}

/// Writes the names the pages use and the table of all files, so that a page naming a missing file does not compile.
fn write_names(dist: &Path, names: &Path) -> Result<(), String> {
    let told = |e: io::Error| format!("{}: {e}", dist.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(dist).map_err(told)? {
        files.push(entry.map_err(told)?.file_name().to_string_lossy().into_owned());
    }
    files.sort();
    let one = |end: &str| {
        files
            .iter()
            .find(|name| name.starts_with("app-") && name.ends_with(end))
            .ok_or_else(|| format!("{} holds no app-*{end}", dist.display()))
    };
    let mut code = String::new();
    for (constant, end) in [("APP_CSS", ".css"), ("APP_JS", ".js")] {
        let _ = writeln!(code, "/// Path of the built file.\npub const {constant}: &str = \"/assets/{}\";", one(end)?);
    }
    let _ = writeln!(code, "/// Every built file: name and content.\npub const FILES: &[(&str, &[u8])] = &[");
    for name in &files {
        let _ = writeln!(code, "    ({name:?}, include_bytes!({:?})),", dist.join(name).display().to_string());
    }
    code.push_str("];\n");
    if fs::read_to_string(names).is_ok_and(|old| old == code) {
        return Ok(());
    }
    fs::write(names, code).map_err(|e| format!("{}: {e}", names.display()))
}
