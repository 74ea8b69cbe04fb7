# Completion of merbench for PowerShell: dotnet merbench completion powershell | Out-String | Invoke-Expression

# Asks the tool what may follow the line.
Register-ArgumentCompleter -Native -CommandName merbench, dotnet-merbench, dotnet -ScriptBlock {
    param($word, $commandAst, $cursor)
    $words = @($commandAst.CommandElements | ForEach-Object { $_.Extent.Text })
    $call = @($words[0])
    $rest = @($words | Select-Object -Skip 1)
    if ([IO.Path]::GetFileNameWithoutExtension($words[0]) -eq 'dotnet') {
        # As a tool of a project it is a word behind dotnet, which has a completion of its own.
        if ($words.Count -lt 2 -or $words[1] -ne 'merbench') {
            dotnet complete --position $cursor "$commandAst" | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
            }
            return
        }
        $call = @('dotnet', 'merbench')
        $rest = @($words | Select-Object -Skip 2)
    }
    $text = (@('merbench') + $rest) -join ' '
    if ($word -eq '') { $text += ' ' }
    $arguments = @($call | Select-Object -Skip 1) + @("[suggest:$($text.Length)]", $text)
    & $call[0] @arguments 2>$null |
        Where-Object { $_.StartsWith($word) -and ($word.StartsWith('-') -or -not $_.StartsWith('-')) -and -not $_.StartsWith('/') } |
        ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
}
