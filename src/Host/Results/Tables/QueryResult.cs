namespace MerBench.Host.Results.Tables;

/// <summary>The answer to a query.</summary>
/// <param name="Rows">Values as .NET types, null where SQL says NULL; lists and structs as lists and dictionaries.</param>
public sealed record QueryResult(IReadOnlyList<QueryColumn> Columns, IReadOnlyList<IReadOnlyList<object?>> Rows);

public sealed record QueryColumn(string Name, Type Type)
{
    public bool IsNumber =>
        Type.GetTypeCode(Type) is >= TypeCode.SByte and <= TypeCode.Decimal
        || Type == typeof(System.Numerics.BigInteger)
        || Type == typeof(Int128)
        || Type == typeof(UInt128);
}
