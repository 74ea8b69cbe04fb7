#!/usr/bin/env bash
# Carries MerBench to a GPU machine that has Python's PyTorch and neither .NET nor a network, and measures there. See README.md beside this file.
set -euo pipefail

usage() {
    cat >&2 <<'TEXT'
gpu.sh pack FILE.tar.xz [--torchsharp DIR]   builds here and packs; DIR is a checkout of TorchSharp's source, to build its shim there if need be
gpu.sh shim FOLDER RESULTS                   builds the shim alone, for the libtorch that MERBENCH_LIBTORCH names
gpu.sh run FOLDER RESULTS                    there, in the unpacked folder: doctor, parity and measurements into RESULTS
TEXT
    exit 3
}

fail() { echo "error: $1" >&2; exit "${2:-4}"; }

# GitHub and many other places refuse larger files.
readonly limit=$((64 * 1024 * 1024))

pack() {
    local file=$1 source="" here root work
    shift
    [ "${1:-}" = --torchsharp ] && { source=${2:?--torchsharp needs a folder}; shift 2; }
    [ $# -eq 0 ] || usage
    here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
    root=$(cd "$here/../.." && pwd)
    work=$(mktemp -d)
    # shellcheck disable=SC2064 # the variable is gone when this runs
    trap "rm -rf '$work'" EXIT
    local to=$work/merbench-gpu
    mkdir -p "$to"

    # One .NET for both programs, as the SDK has it. What is compiled ahead of time is larger and starts no faster where it matters.
    dotnet build -c Release -v q --nologo "$root/perf"
    dotnet publish -c Release -v q --nologo -p:PublishReadyToRun=false -o "$to/tool" "$root/tool"
    dotnet publish -c Release -v q --nologo --no-build -o "$to/perf" "$root/perf"
    local needed runtimes version
    needed=$(sed -n 's/.*"version": *"\([0-9]*\)\..*/\1/p' "$to/tool/merbench.runtimeconfig.json" | head -1)
    read -r _ version runtimes < <(dotnet --list-runtimes | grep "^Microsoft.NETCore.App $needed\." | tail -1 | tr -d '[]')
    [ -d "${runtimes:-}/$version" ] || fail "no .NET runtime $needed is installed"
    local sdk=${runtimes%/shared/*}
    mkdir -p "$to/dotnet/shared/Microsoft.NETCore.App"
    cp "$sdk/dotnet" "$to/dotnet/"
    cp -r "$sdk/host" "$to/dotnet/"
    cp -r "$runtimes/$version" "$to/dotnet/shared/Microsoft.NETCore.App/"

    # The other machine has a libtorch; the shim stays. SQL has large natives that nothing here calls, and symbols help nobody there.
    for program in tool perf; do
        find "$to/$program/libtorch" -type f ! -name '*LibTorchSharp*' -delete
        find "$to/$program" -name '*.pdb' -delete
        find "$to/$program" -name '*.xml' -delete
        find "$to/$program" -name 'libduckdb*' -delete
        find "$to/$program/runtimes" -mindepth 1 -maxdepth 1 ! -name 'linux*' ! -name unix -exec rm -rf {} + 2>/dev/null || true
    done
    cp "$here/gpu.sh" "$here/README.md" "$to/"
    cp "$root/benchmarks/quickstart.yaml" "$to/"
    if [ -n "$source" ]; then
        [ -f "$source/src/Native/LibTorchSharp/CMakeLists.txt" ] || fail "$source is no checkout of TorchSharp" 3
        mkdir -p "$to/torchsharp"
        git -C "$source" archive HEAD src/Native | tar -x -C "$to/torchsharp"
    fi

    tar -C "$work" -cf - merbench-gpu | xz -T0 -6 > "$file"
    local size
    size=$(stat -c %s "$file")
    echo "$file: $((size / 1024 / 1024)) MiB"
    [ "$size" -le "$limit" ] || fail "it is larger than $((limit / 1024 / 1024)) MiB"
}

run() {
    local folder results
    folder=$(cd "$1" && pwd)
    mkdir -p "$2"
    results=$(cd "$2" && pwd)
    [ -n "${MERBENCH_LIBTORCH:-}" ] || fail "set MERBENCH_LIBTORCH to the folder of libtorch, such as \$(python3 -c 'import torch, os; print(os.path.join(os.path.dirname(torch.__file__), \"lib\"))')"
    export DOTNET_ROOT=$folder/dotnet DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
    local dotnet=$folder/dotnet/dotnet
    local python=${PYTHON:-python3} device=${DEVICE:-auto}

    { date -u; uname -a; nvidia-smi -L 2>/dev/null || echo "no nvidia-smi"; nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv 2>/dev/null || true
      "$python" -c 'import torch; print("PyTorch", torch.__version__, "CUDA", torch.version.cuda)' 2>&1 | tail -1; } > "$results/machine.txt"

    if ! "$dotnet" "$folder/tool/merbench.dll" doctor --device "$device" > "$results/doctor.txt" 2>&1 && grep -q MERBENCH_LIBTORCHSHARP "$results/doctor.txt" && [ -z "${MERBENCH_LIBTORCHSHARP:-}" ]; then
        echo "The shim does not fit $MERBENCH_LIBTORCH; building one for it." >&2
        build_shim "$folder" "$results"
        export MERBENCH_LIBTORCHSHARP=$results/shim/libLibTorchSharp.so
        "$dotnet" "$folder/tool/merbench.dll" doctor --device "$device" > "$results/doctor.txt" 2>&1 || true
    fi
    cat "$results/doctor.txt"
    grep -q '^problem' "$results/doctor.txt" && grep -A1 '^problem' "$results/doctor.txt" | grep -Eq 'libtorch|device' && fail "libtorch cannot be used; see $results/doctor.txt"

    local broken=0
    "$dotnet" "$folder/perf/MerBench.Perf.dll" parity --device "$device" 2>&1 | tee "$results/parity.md" || broken=1
    "$dotnet" "$folder/perf/MerBench.Perf.dll" device --device "$device" --python "$python" ${PERF_OPTIONS:-} 2>&1 | tee "$results/steps.md"
    (cd "$results" && "$dotnet" "$folder/tool/merbench.dll" run "$folder/quickstart.yaml" --device "$device" --cache "$results/cache" -o "$results/quickstart" > quickstart.txt 2>&1) || broken=1
    tail -25 "$results/quickstart.txt"
    [ $broken -eq 0 ] || fail "parity is broken, or the quickstart failed; see $results" 1
    echo "Results: $results"
}

# For measurements only: a shim of the named libtorch, from TorchSharp's own source. PyTorch's CMake files ask for CUDA's compiler, which the shim does not need; so the compiler is called as they would call it.
build_shim() {
    local folder=$1 out=$2/shim torch compiler standard
    [ -d "$folder/torchsharp" ] || fail "the pack holds no source of the shim: pack again with --torchsharp, or install torch 2.10"
    compiler=${CXX:-$(command -v c++ || command -v g++ || command -v clang++ || true)}
    [ -n "$compiler" ] || fail "there is no C++ compiler, which building the shim needs: install g++ here, or build the shim on a machine that has one and this libtorch (gpu.sh shim), and name it by MERBENCH_LIBTORCHSHARP"
    torch=$(cd "$MERBENCH_LIBTORCH/.." && pwd)
    [ -f "$torch/include/torch/csrc/api/include/torch/torch.h" ] || fail "$torch/include has no headers to build against"
    mkdir -p "$out"
    for standard in c++17 c++20; do
        if compile_shim "$compiler" "$standard" "$folder/torchsharp/src/Native/LibTorchSharp" "$torch" "$out" > "$out/build.log" 2>&1; then return; fi
    done
    fail "the shim could not be built; see $out/build.log"
}

compile_shim() {
    local compiler=$1 standard=$2 source=$3 torch=$4 out=$5 file
    local flags="-O2 -fPIC -fvisibility=hidden -DNDEBUG -D__LINUX__ -D_GLIBCXX_USE_CXX11_ABI=1 -w"
    rm -f "$out"/*.o
    for file in "$source"/*.cpp; do printf '%s\n' "$file"; done | xargs -P "$(nproc)" -I '{}' sh -c \
        "$compiler -std=$standard $flags -I'$torch/include' -I'$torch/include/torch/csrc/api/include' -c '{}' -o '$out'/\$(basename '{}').o" || return 1
    for file in "$source"/*.c; do "$compiler" -x c $flags -c "$file" -o "$out/$(basename "$file").o" || return 1; done
    "$compiler" -shared -o "$out/libLibTorchSharp.so" -Wl,-soname,libLibTorchSharp.so -Wl,-Bsymbolic "$out"/*.o -L"$torch/lib" -ltorch -ltorch_cpu -lc10
}

case "${1:-}" in
    pack) [ $# -ge 2 ] || usage; shift; pack "$@" ;;
    shim) [ $# -eq 3 ] || usage; mkdir -p "$3"; build_shim "$(cd "$2" && pwd)" "$(cd "$3" && pwd)" ;;
    run) [ $# -eq 3 ] || usage; run "$2" "$3" ;;
    *) usage ;;
esac
