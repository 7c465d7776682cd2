namespace Tallystick.Node.Storage;

/// <summary>The book cannot be written or read any more. The message is one sentence that says why.</summary>
/// <remarks>What was being written is not there, or nobody can know: the process must stop, and start again.</remarks>
internal sealed class StoreFailedException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>What was to be written contradicts what is stored. Nothing was written; only a bug can cause it.</summary>
internal sealed class StoreConflictException(string message, Exception? inner = null)
    : InvalidOperationException(message, inner);
