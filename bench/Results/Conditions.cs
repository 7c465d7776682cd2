using System.Runtime.CompilerServices;

namespace Tallystick.Bench.Results;

/// <summary>What figures depend on beside what is measured.</summary>
internal static class Conditions
{
    /// <summary>Processors, runtime, and how the code came to be.</summary>
    public static string Said { get; } =
        $"{Environment.ProcessorCount} processors, .NET {Environment.Version}, "
        + (RuntimeFeature.IsDynamicCodeCompiled ? "compiled as it runs" : "machine code");
}
