# Completion of merbench for bash: eval "$(dotnet merbench completion bash)"

# Asks the tool, called as its arguments after the first one say, what may follow the line.
_merbench_fill() {
    local text=$1 word=${COMP_WORDS[COMP_CWORD]} candidate
    shift
    COMPREPLY=()
    while IFS= read -r candidate; do
        case $candidate in
            /* | '-?') [[ $word == /* ]] || continue ;;
            -*) [[ $word == -* ]] || continue ;;
        esac
        [[ $candidate == "$word"* ]] && COMPREPLY+=("$candidate")
    done < <("$@" "[suggest:${#text}]" "$text" 2>/dev/null)
    [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == */ ]] && compopt -o nospace 2>/dev/null
    [[ $word != -* ]] && compopt -o filenames 2>/dev/null
}

_merbench() {
    local line=${COMP_LINE:0:COMP_POINT}
    _merbench_fill "merbench${line#*"${COMP_WORDS[0]}"}" "${COMP_WORDS[0]}"
}

# As a tool of a project it is a word behind dotnet, which may have a completion of its own.
_merbench_of_dotnet() {
    if [[ ${COMP_WORDS[1]} == merbench && $COMP_CWORD -gt 1 ]]; then
        local line=${COMP_LINE:0:COMP_POINT}
        _merbench_fill "merbench${line#*merbench}" dotnet merbench
    elif [[ -n $_merbench_dotnet_before ]]; then
        "$_merbench_dotnet_before" "$@"
    fi
}

_merbench_dotnet_now=$(complete -p dotnet 2>/dev/null | sed -n 's/.*-F \([^ ]*\) .*/\1/p')
[[ $_merbench_dotnet_now == _merbench_of_dotnet ]] || _merbench_dotnet_before=$_merbench_dotnet_now
complete -o default -F _merbench merbench dotnet-merbench
complete -o default -F _merbench_of_dotnet dotnet
