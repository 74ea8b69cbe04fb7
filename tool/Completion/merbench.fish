# Completion of merbench for fish: dotnet merbench completion fish | source

# Asks the tool what may follow the line; files are completed by fish besides.
function __merbench_fill
    set -l words (commandline -opc)
    set -l word (commandline -ct)
    set -l call $words[1]
    set -l rest $words[2..-1]
    if test (basename -- $call) = dotnet
        set call dotnet merbench
        set rest $words[3..-1]
    end
    set -l text (string join ' ' -- merbench $rest $word)
    for candidate in ($call "[suggest:"(string length -- $text)"]" $text 2>/dev/null)
        switch $candidate
            case '/*' '-\?'
                string match -q -- '/*' $word; or continue
            case '-*'
                string match -q -- '-*' $word; or continue
        end
        echo $candidate
    end
end

complete -c merbench -a '(__merbench_fill)'
complete -c dotnet-merbench -a '(__merbench_fill)'
# As a tool of a project it is a word behind dotnet.
complete -c dotnet -n 'set -l words (commandline -opc); test "$words[2]" = merbench' -a '(__merbench_fill)'
