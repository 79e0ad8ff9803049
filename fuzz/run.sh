#!/usr/bin/env bash
# Runs every fuzz target, one after another: fuzz/run.sh [EXECUTIONS] [TARGET ...]
# Needs `cargo install cargo-fuzz`. Findings go to fuzz/artifacts, what was learnt to fuzz/corpus.
set -eu
cd "$(dirname "$0")"
runs=${1:-10000000}
shift || true
export RUSTC_BOOTSTRAP=1
cargo fuzz build --sanitizer none
for target in ${@:-$(cargo fuzz list)}; do
  seeds=()
  case $target in
    reader|decode|html|text) seeds=(../examples/data ../tests/golden/ingest) ;;
  esac
  mkdir -p "corpus/$target"
  cargo fuzz run --sanitizer none "$target" "corpus/$target" "${seeds[@]}" -- \
    -runs="$runs" -max_len=4096 -timeout=5 -rss_limit_mb=1024 -print_final_stats=1
done
