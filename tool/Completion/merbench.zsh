#compdef merbench dotnet-merbench
# Completion of merbench for zsh, behind compinit: source <(dotnet merbench completion zsh)

# Asks the tool, called as its arguments after the first one say, what may follow the line.
_merbench_fill() {
    local text=$1 word=${words[CURRENT]} candidate
    local -a candidates
    shift
    for candidate in ${(f)"$("$@" "[suggest:${#text}]" "$text" 2>/dev/null)"}; do
        case $candidate in
            /*|'-?') [[ $word == /* ]] || continue ;;
            -*) [[ $word == -* ]] || continue ;;
        esac
        [[ $candidate == "$word"* ]] && candidates+=("$candidate")
    done
    if (( $#candidates )); then
        compadd -f -- $candidates
    else
        _files
    fi
}

_merbench() {
    _merbench_fill "merbench ${(j: :)words[2,CURRENT]}" "${words[1]}"
}

# As a tool of a project it is a word behind dotnet, which may have a completion of its own.
_merbench_of_dotnet() {
    if [[ ${words[2]} == merbench ]] && (( CURRENT > 2 )); then
        _merbench_fill "merbench ${(j: :)words[3,CURRENT]}" dotnet merbench
    elif [[ -n $_merbench_dotnet_before ]]; then
        "$_merbench_dotnet_before" "$@"
    else
        _default
    fi
}

if (( $+functions[compdef] )); then
    [[ ${_comps[dotnet]-} == _merbench_of_dotnet ]] || _merbench_dotnet_before=${_comps[dotnet]-}
    compdef _merbench merbench dotnet-merbench
    compdef _merbench_of_dotnet dotnet
fi
