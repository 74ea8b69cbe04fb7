using CliWrap.Buffered;

namespace MerBench.Tests;

/// <summary>Shells ask the tool for the words that may follow; each that is on this machine is asked for real.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class CompletionTests
{
    // Calls the function that is registered for the line's first word, as readline does.
    private const string Bash = """
        complete -F _another dotnet
        _another() { COMPREPLY=(another); }
        eval "$(merbench completion bash)"
        eval "$(merbench completion bash)"
        read -ra COMP_WORDS <<< "$0"
        [[ $0 == *' ' ]] && COMP_WORDS+=('')
        COMP_LINE=$0 COMP_POINT=${#0} COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 ))
        call=$(complete -p "${COMP_WORDS[0]}" | sed -n 's/.*-F \([^ ]*\) .*/\1/p')
        "$call" "${COMP_WORDS[0]}" "${COMP_WORDS[COMP_CWORD]}"
        printf '%s\n' "${COMPREPLY[@]}"
        """;

    // What would be added is written instead.
    private const string Zsh = """
        autoload -Uz compinit && compinit -u -D
        _another() { print another }
        compdef _another dotnet
        source <(merbench completion zsh)
        source <(merbench completion zsh)
        compadd() { shift 2; print -l -- "$@" }
        _files() { }
        words=("${(@s: :)LINE}")
        CURRENT=$#words
        ${_comps[${words[1]}]}
        """;

    private readonly MerBenchTool _tool = new();

    [OneTimeSetUp]
    public void Write()
    {
        _tool.Write("bench.yaml", "name: bench\n");
        _tool.Write("studies/deep/one.yml", "name: one\n");
        _tool.Write("studies/notes.txt", "");
    }

    [OneTimeTearDown]
    public void Delete() => _tool.Dispose();

    [Test]
    public async Task A_word_is_completed_by_what_may_stand_there([Values("bash", "zsh", "fish")] string shell)
    {
        InstalledProgram.Require(shell);
        Assert.That(await Complete(shell, "merbench ver"), Is.EqualTo(new[] { "verify" }));
        Assert.That(await Complete(shell, "merbench report --fo"), Is.EqualTo(new[] { "--format" }));
        Assert.That(await Complete(shell, "merbench report --format la"), Is.EqualTo(new[] { "latex" }));
        Assert.That(await Complete(shell, "merbench describe madm"), Is.EqualTo(new[] { "madmom-log" }));
        Assert.That(await Complete(shell, "merbench conform mae ccc pearso"), Is.EqualTo(new[] { "pearson" }));
        Assert.That(await Complete(shell, "merbench run be"), Is.EqualTo(new[] { "bench.yaml" }));
        Assert.That(await Complete(shell, "merbench run studies/d"), Is.EqualTo(new[] { "studies/deep/" }));
        Assert.That(await Complete(shell, "merbench verify bench.yaml studies/deep/"), Is.EqualTo(new[] { "studies/deep/one.yml" }));
        Assert.That(await Complete(shell, "dotnet merbench ver"), Is.EqualTo(new[] { "verify" }));
    }

    [Test]
    public async Task Nothing_is_offered_that_nobody_began([Values("bash", "zsh", "fish")] string shell)
    {
        InstalledProgram.Require(shell);
        string[] verbs = await Complete(shell, "merbench ");
        Assert.That(verbs, Has.Member("run").And.Member("archive"));
        Assert.That(verbs, Has.None.StartsWith("-").And.None.StartsWith("/").And.None.EqualTo("worker"));
        Assert.That(await Complete(shell, "merbench report --"), Has.Member("--format").And.Member("--quiet"));
    }

    [Test]
    public async Task Another_completion_of_dotnet_stays_for_its_own_words([Values("bash", "zsh")] string shell)
    {
        InstalledProgram.Require(shell);
        Assert.That(await Complete(shell, "dotnet bui"), Is.EqualTo(new[] { "another" }));
    }

    [Test]
    public async Task PowerShell_is_told_the_same()
    {
        string script = (await _tool.Run("completion", "powershell")).StandardOutput;
        Assert.That(script, Does.Contain("Register-ArgumentCompleter -Native -CommandName merbench, dotnet-merbench, dotnet"));
        Assert.That(script, Does.Contain("[suggest:$($text.Length)]"));
        if (!InstalledProgram.IsThere("pwsh"))
            Assert.Ignore("There is no pwsh on this machine: its script is looked at, and not run.");
        BufferedCommandResult result = await InstalledProgram.Run(
            _tool,
            "pwsh",
            "-NoProfile",
            "-Command",
            "merbench completion powershell | Out-String | Invoke-Expression; "
                + "(TabExpansion2 'merbench ver' -cursorColumn 12).CompletionMatches.CompletionText"
        );
        Assert.That(result.StandardOutput.Trim(), Is.EqualTo("verify"), result.StandardError);
    }

    [Test]
    public async Task A_shell_that_is_not_known_is_refused()
    {
        BufferedCommandResult result = await _tool.Run("completion", "tcsh");
        Assert.That(result.ExitCode, Is.EqualTo(3));
        Assert.That(result.StandardError, Does.Contain("bash").And.Contain("fish"));
    }

    private async Task<string[]> Complete(string shell, string line)
    {
        BufferedCommandResult result = shell switch
        {
            "bash" => await InstalledProgram.Run(_tool, "bash", "--norc", "-c", Bash, line),
            "zsh" => await InstalledProgram.Run(_tool, "zsh", "-f", "-c", $"LINE={Quote(line)}\n{Zsh}"),
            _ => await InstalledProgram.Run(
                _tool,
                "fish",
                "--no-config",
                "-c",
                $"merbench completion fish | source; complete -C {Quote(line)}"
            ),
        };
        // Fish tells of each what it is, behind a tab.
        return
        [
            .. result
                .StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(l => l.Split('\t')[0])
                .Distinct(StringComparer.Ordinal),
        ];
    }

    private static string Quote(string text) => $"'{text}'";
}
