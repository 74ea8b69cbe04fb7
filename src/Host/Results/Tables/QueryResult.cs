namespace MerBench.Host.Results.Tables;

/// <summary>The answer to a query.</summary>
/// <param name="Rows">Values as .NET types, null where SQL says NULL.</param>
public sealed record QueryResult(IReadOnlyList<QueryColumn> Columns, IReadOnlyList<IReadOnlyList<object?>> Rows);

public sealed record QueryColumn(string Name, Type Type, ShownKind Kind = ShownKind.Value)
{
    public bool IsNumber =>
        Kind == ShownKind.Number
        || Type.GetTypeCode(Type) is >= TypeCode.SByte and <= TypeCode.Decimal
        || Type == typeof(System.Numerics.BigInteger)
        || Type == typeof(Int128)
        || Type == typeof(UInt128);
}

/// <summary>What the values of a column are.</summary>
public enum ShownKind
{
    /// <summary>Numbers, truths and text, of types that .NET has.</summary>
    Value,

    /// <summary>The text of something else, such as a date.</summary>
    Text,

    /// <summary>The text of a number that is too long for .NET.</summary>
    Number,

    /// <summary>JSON.</summary>
    Json,
}
