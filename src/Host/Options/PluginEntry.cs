using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MerBench.Host.Text;
using MerBench.Host.Yaml;

namespace MerBench.Host.Options;

[BindPartially, Shorthand("use")]
internal sealed record PluginEntry(
    [Description("The plugin's id; 'merbench list' shows them.")] [Required] Located<string>? Use,
    SourceLocation At,
    [Description("The plugin's options; 'merbench describe' shows them.")] Node? With = null
);
