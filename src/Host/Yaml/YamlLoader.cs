using System.Globalization;
using MerBench.Host.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace MerBench.Host.Yaml;

/// <summary>Turns YAML text into nodes, and reports everything that is wrong with it as YAML.</summary>
public sealed class YamlLoader
{
    private const int MostNested = 64;

    // Counted as aliases unfold: a few lines of aliases to aliases stand for billions of values.
    private const int MostValues = 500_000;

    private static readonly string[] CoreTags =
    [
        .. new[] { "str", "int", "float", "bool", "map", "seq" }.Select(t => "tag:yaml.org,2002:" + t),
    ];

    private readonly string _file;
    private readonly Func<string, string?> _environment;
    private readonly ICollection<BenchmarkProblem> _problems;
    private readonly Scanner _scanner;
    private readonly Parser _parser;
    private readonly Dictionary<string, Anchored> _anchors = new(StringComparer.Ordinal);
    private int _depth;
    private int _values;

    private YamlLoader(string text, string file, Func<string, string?> environment, ICollection<BenchmarkProblem> problems)
    {
        (_file, _environment, _problems) = (file, environment, problems);
        _scanner = new Scanner(new StringReader(VariableSubstitution.Mask(text)), skipComments: true);
        _parser = new Parser(_scanner);
    }

    /// <summary>Reads one document.</summary>
    /// <param name="file">The file's name in problems.</param>
    /// <returns>The root, or null when the text is not one YAML document.</returns>
    public static Node? Load(string text, string file, Func<string, string?> environment, ICollection<BenchmarkProblem> problems)
    {
        if (Unprintable.Find(text, file) is { } unprintable)
        {
            problems.Add(unprintable);
            return null;
        }

        try
        {
            return new YamlLoader(text, file, environment, problems).Document();
        }
        catch (YamlException e)
        {
            problems.Add(SyntaxProblem.From(e, text, file));
        }

        return null;
    }

    private void Advance()
    {
        try
        {
            _parser.MoveNext();
        }
        catch (Exception e) when (e is not YamlException)
        {
            // YamlDotNet 18.1 crashes, instead of refusing the text, where a line without indentation follows an open bracket.
            throw new YamlException(_scanner.CurrentPosition, _scanner.CurrentPosition, "an earlier '{' or '[' is not closed", e);
        }
    }

    private Node? Document()
    {
        Advance();
        Advance();
        if (_parser.Current is not DocumentStart)
        {
            Report(Mark.Empty, "the file is empty", "'merbench init' writes an example");
            return null;
        }

        Advance();
        Node root = Read();
        Advance();
        if (_parser.Current is DocumentStart second)
        {
            Report(
                second.Start,
                "a second YAML document begins here, and a benchmark file holds one",
                "split the file, or remove the '---'"
            );
            return null;
        }

        return root;
    }

    /// <summary>Reads the node at the current event, and moves past it.</summary>
    private Node Read()
    {
        if (++_depth > MostNested)
        {
            throw new TooMuchException(
                _parser.Current!.Start,
                _parser.Current.End,
                string.Create(CultureInfo.InvariantCulture, $"more than {MostNested} levels of nesting")
            );
        }

        int before = _values;
        ParsingEvent current = _parser.Current!;
        CountValues(1, current);
        Advance();
        Node node = current switch
        {
            AnchorAlias alias => Alias(alias),
            Scalar scalar => ReadScalar(scalar),
            SequenceStart start => List(start),
            MappingStart start => Mapping(start),
            _ => throw new SyntaxErrorException(current.Start, current.End, "expected a value"),
        };
        if (current is NodeEvent { Anchor.IsEmpty: false } anchored)
            _anchors[anchored.Anchor.Value] = new Anchored(node, _values - before);
        if (current is NodeEvent { Tag.IsEmpty: false } tagged && !IsCoreTag(tagged.Tag))
            node = Broken(current.Start, $"the tag '{Text(tagged.Tag)}' means nothing here", "leave it out");
        _depth--;
        return node;
    }

    private Node Alias(AnchorAlias alias)
    {
        string name = alias.Value.Value;
        if (!_anchors.TryGetValue(name, out Anchored anchored))
            return Broken(
                alias.Start,
                $"unknown anchor '*{name}'",
                NearestName.Hint(name, _anchors.Keys, "anchors stand before their use")
            );
        CountValues(anchored.Values, alias);
        return anchored.Node;
    }

    private void CountValues(int more, ParsingEvent at)
    {
        if (more > MostValues - _values)
            throw new TooMuchException(
                at.Start,
                at.End,
                $"more than {ShortList.Count(MostValues)} values, counting those that aliases stand for"
            );
        _values += more;
    }

    private Node ReadScalar(Scalar scalar)
    {
        string text = VariableSubstitution.Unmask(scalar.Value);
        bool isPlain = scalar.Style == ScalarStyle.Plain;
        bool isText = (!isPlain || Text(scalar.Tag) == "tag:yaml.org,2002:str") && !text.Contains("${", StringComparison.Ordinal);
        bool broken = false;
        string value = VariableSubstitution.Substitute(
            text,
            _environment,
            (offset, message) =>
            {
                broken = true;
                bool oneLine = scalar.Start.Line == scalar.End.Line;
                SourceLocation at = Place(scalar.Start);
                Report(
                    oneLine ? at with { Column = at.Column + offset + (isPlain ? 0 : 1) } : at,
                    message,
                    "set it in the environment, or give a default as in ${NAME:-default}"
                );
            }
        );
        return broken ? new BrokenNode(Place(scalar.Start)) : new ScalarNode(Place(scalar.Start), value, isText);
    }

    private ListNode List(SequenceStart start)
    {
        var items = new List<Node>();
        while (_parser.Current is not SequenceEnd)
            items.Add(Read());
        Advance();
        return new ListNode(Place(start.Start), items);
    }

    private MappingNode Mapping(MappingStart start)
    {
        var entries = new OrderedDictionary<string, MappingEntry>(StringComparer.Ordinal);
        var merges = new List<Node>();
        while (_parser.Current is not MappingEnd)
        {
            bool isMerge = _parser.Current is Scalar { Value: "<<", Style: ScalarStyle.Plain };
            Mark keyStart = _parser.Current!.Start;
            ScalarNode? key = Key(Read(), keyStart);
            Node value = Read();
            if (key is null)
                continue;
            if (isMerge && merges.Count == 0)
                merges.AddRange(value is ListNode list ? list.Items : [value]);
            else if (isMerge)
                Report(keyStart, "a second '<<' in one mapping", "merge a list instead: '<<: [*a, *b]'");
            else if (!entries.TryAdd(key.Text, new MappingEntry(key, value)))
                Report(
                    key.At,
                    string.Create(CultureInfo.InvariantCulture, $"key '{key.Text}' is already set in line {entries[key.Text].Key.At.Line}"),
                    "remove one of the two"
                );
        }

        Advance();
        foreach (Node merge in merges)
            Merge(merge, entries);
        return new MappingNode(Place(start.Start), [.. entries.Values]);
    }

    private ScalarNode? Key(Node node, Mark start)
    {
        if (node is ScalarNode { IsNull: false } key)
            return key;
        if (node is not BrokenNode)
            Report(start, $"a key must be text, and this is {node.Kind}", "");
        return null;
    }

    private void Merge(Node merge, OrderedDictionary<string, MappingEntry> entries)
    {
        if (merge is MappingNode mapping)
        {
            foreach (MappingEntry entry in mapping.Entries)
                entries.TryAdd(entry.Key.Text, entry);
        }
        else if (merge is not BrokenNode)
        {
            Report(merge.At, $"'<<' merges a mapping or a list of mappings, and this is {merge.Kind}", "");
        }
    }

    private static bool IsCoreTag(TagName tag) => Text(tag) is "!" or "?" || CoreTags.Contains(Text(tag), StringComparer.Ordinal);

    private static string Text(TagName tag) =>
        tag switch
        {
            { IsEmpty: true } => "",
            { IsNonSpecific: true } => "!",
            _ => tag.Value,
        };

    private SourceLocation Place(Mark mark) => new(_file, Math.Max(1, mark.Line), Math.Max(1, mark.Column));

    private BrokenNode Broken(Mark mark, string message, string hint)
    {
        Report(mark, message, hint);
        return new BrokenNode(Place(mark));
    }

    private void Report(Mark mark, string message, string hint) => Report(Place(mark), message, hint);

    private void Report(SourceLocation at, string message, string hint) => _problems.Add(new BenchmarkProblem(at, message, hint));

    /// <param name="Values">How many values it stands for.</param>
    private readonly record struct Anchored(Node Node, int Values);
}
