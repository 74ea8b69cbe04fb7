using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace MerBench.Host.Plugins;

/// <summary>What an assembly says about itself, read from its metadata without loading it.</summary>
/// <param name="ContractStamp">The contract version that was stamped into it at build, or null.</param>
/// <param name="References">The assemblies that it was compiled against.</param>
internal sealed record AssemblyFacts(string Name, string? ContractStamp, IReadOnlyList<AssemblyName> References)
{
    /// <summary>Whether it knows the attribute of metrics, without which it holds none.</summary>
    public bool MarksMetrics { get; private init; }

    /// <summary>The version of a referenced assembly, or null when it is not referenced.</summary>
    public Version? VersionOf(string reference)
    {
        foreach (AssemblyName name in References)
            if (name.Name == reference)
                return name.Version;
        return null;
    }

    /// <summary>Reads an assembly's metadata; null for a native library.</summary>
    /// <exception cref="BadImageFormatException">The file is neither.</exception>
    public static AssemblyFacts? Read(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        if (!file.HasMetadata)
            return null;
        MetadataReader metadata = file.GetMetadataReader();
        if (!metadata.IsAssembly)
            return null;
        var references = new List<AssemblyName>(metadata.AssemblyReferences.Count);
        foreach (AssemblyReferenceHandle handle in metadata.AssemblyReferences)
            references.Add(metadata.GetAssemblyReference(handle).GetAssemblyName());
        AssemblyDefinition assembly = metadata.GetAssemblyDefinition();
        bool marksMetrics = metadata.TypeReferences.Any(t =>
            metadata.StringComparer.Equals(metadata.GetTypeReference(t).Name, nameof(MetricAttribute))
        );
        return new AssemblyFacts(metadata.GetString(assembly.Name), StampOf(metadata, assembly), references)
        {
            MarksMetrics = marksMetrics,
        };
    }

    private static string? StampOf(MetadataReader metadata, AssemblyDefinition assembly)
    {
        foreach (CustomAttributeHandle handle in assembly.GetCustomAttributes())
        {
            CustomAttribute attribute = metadata.GetCustomAttribute(handle);
            if (!IsAssemblyMetadata(metadata, attribute))
                continue;
            BlobReader value = metadata.GetBlobReader(attribute.Value);
            if (value.ReadUInt16() == 1 && value.ReadSerializedString() == HostContract.StampKey)
                return value.ReadSerializedString();
        }

        return null;
    }

    private static bool IsAssemblyMetadata(MetadataReader metadata, CustomAttribute attribute)
    {
        if (attribute.Constructor.Kind != HandleKind.MemberReference)
            return false;
        EntityHandle owner = metadata.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent;
        return owner.Kind == HandleKind.TypeReference
            && metadata.StringComparer.Equals(
                metadata.GetTypeReference((TypeReferenceHandle)owner).Name,
                nameof(AssemblyMetadataAttribute)
            );
    }
}
