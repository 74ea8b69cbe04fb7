namespace MerBench.Models.Exported.Onnx.File;

/// <summary>Why a file cannot be used; the message completes «FILE ...».</summary>
internal sealed class InvalidOnnxException : Exception
{
    public InvalidOnnxException(string message)
        : base(message) { }

    /// <summary>A file that no exporter wrote.</summary>
    public static InvalidOnnxException Because(string why) => new($"is cut off or damaged: {why}; copy or download it again");
}
