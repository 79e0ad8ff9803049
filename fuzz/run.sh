#!/usr/bin/env bash
# Runs every fuzz target, one after another: fuzz/run.sh [EXECUTIONS] [TARGET ...]
# Needs `cargo install cargo-fuzz`; TMPDIR in memory makes snapshot and archive quick.
# Begins with fuzz/corpus, keeps what is learnt in fuzz/learnt and findings in fuzz/artifacts.
set -eu
cd "$(dirname "$0")"
runs=${1:-10000000}
shift || true
export RUSTC_BOOTSTRAP=1
# Comparisons are not traced: targets that look up words spend most of their time on that.
cargo fuzz build --sanitizer none --no-trace-compares
for target in ${@:-$(cargo fuzz list)}; do
  folders=("learnt/$target")
  [ -d "corpus/$target" ] && folders+=("corpus/$target")
  longest=512 more=()
  case $target in
    # Which text to change next is drawn without weights: keeping them takes a quarter of the time.
    query) more=(-entropic=0) ;;
    meaning) folders+=(corpus/query) ;;
    reader|decode|html|text) longest=4096 folders+=(../examples/data ../tests/golden/ingest) ;;
  esac
  mkdir -p "learnt/$target" "artifacts/$target"
  cargo fuzz run --sanitizer none --no-trace-compares "$target" "${folders[@]}" -- \
    -runs="$runs" -max_len="$longest" -timeout=30 -rss_limit_mb=1024 -print_final_stats=1 "${more[@]}"
done
