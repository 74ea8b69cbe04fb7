using System.Text;

namespace MerBench.Analysis.Queries;

/// <summary>A type as DuckDB writes it, such as <c>STRUCT(a INTEGER, "b c" DECIMAL(4,2)[])</c>.</summary>
/// <param name="Name">In upper case, without what stands in brackets; <c>LIST</c> for lists and arrays.</param>
/// <param name="Parts">Of a struct or union its fields, of a map key and value, of a list what it holds; empty for others.</param>
/// <param name="Arguments">What stands in brackets otherwise, such as <c>4,2</c>.</param>
internal sealed record ColumnType(string Name, IReadOnlyList<(string Field, ColumnType Type)> Parts, string Arguments = "")
{
    public const string List = "LIST",
        Map = "MAP",
        Struct = "STRUCT",
        Union = "UNION";

    public static ColumnType Parse(string text) => new Reader(text).ReadType();

    private sealed class Reader(string text)
    {
        private int _at;

        public ColumnType ReadType()
        {
            var type = ReadSingle();
            while (Take('['))
            {
                _at = text.IndexOf(']', _at) + 1;
                type = new ColumnType(List, [("", type)]);
            }

            return type;
        }

        private ColumnType ReadSingle()
        {
            string name = ReadWord().ToUpperInvariant();
            if (name is Struct or Union && Take('('))
                return new ColumnType(name, ReadParts(named: true));
            if (name is Map && Take('('))
                return new ColumnType(name, ReadParts(named: false));
            if (!Take('('))
                return new ColumnType(name, []);
            // Members of an enumeration may hold brackets.
            int start = _at;
            for (bool quoted = false; quoted || text[_at] != ')'; _at++)
                quoted ^= text[_at] == '\'';
            return new ColumnType(name, [], text[start.._at++]);
        }

        private List<(string, ColumnType)> ReadParts(bool named)
        {
            var parts = new List<(string, ColumnType)>();
            do
            {
                // The fields of row(1, 2) have no names.
                string field = named && !IsTypeAlone() ? ReadWord() : "";
                parts.Add((field, ReadType()));
            } while (Take(','));
            Take(')');
            return parts;
        }

        private bool IsTypeAlone()
        {
            int before = _at;
            ReadWord();
            bool ends = _at >= text.Length || text[_at] is ',' or ')' or '(' or '[';
            _at = before;
            return ends;
        }

        // A word in quotation marks, or several without, as in TIMESTAMP WITH TIME ZONE, of which the first one names a field.
        private string ReadWord()
        {
            while (text[_at] == ' ')
                _at++;
            var word = new StringBuilder();
            if (text[_at] == '"')
            {
                for (_at++; text[_at] != '"' || (_at + 1 < text.Length && text[_at + 1] == '"'); _at++)
                {
                    if (text[_at] == '"')
                        _at++;
                    word.Append(text[_at]);
                }

                _at++;
                return word.ToString();
            }

            while (_at < text.Length && text[_at] is not (' ' or ',' or '(' or ')' or '['))
                word.Append(text[_at++]);
            foreach (string rest in new[] { " WITH TIME ZONE" })
                if (string.CompareOrdinal(text, _at, rest, 0, rest.Length) == 0)
                {
                    word.Append(rest);
                    _at += rest.Length;
                }

            return word.ToString();
        }

        private bool Take(char expected)
        {
            while (_at < text.Length && text[_at] == ' ')
                _at++;
            if (_at >= text.Length || text[_at] != expected)
                return false;
            _at++;
            return true;
        }
    }
}
