using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Tallystick.Simulation.Faults;

/// <summary>A second copy of the simulator in this process, with a fault in the Core that it steps.</summary>
internal sealed class FaultyCore : AssemblyLoadContext
{
    private const string CoreName = "Tallystick.Core";
    private const string GlobalUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.Linq;
        [assembly: System.Runtime.CompilerServices.InternalsVisibleTo("Tallystick.Simulation")]
        """;

    private readonly byte[]? core;

    public FaultyCore(PlantedFault fault)
        : base(fault.Name, isCollectible: true)
    {
        if (fault is FaultInCore inCore)
            core = Compile(inCore);
    }

    /// <summary>Plays seeds until one breaks; what it broke, or null.</summary>
    /// <param name="fault">The fault, for the slips of the driver.</param>
    /// <param name="seeds">How many seeds at most, from 0 on.</param>
    /// <param name="patience">After so long no further seed is begun.</param>
    public (int Seed, string Kind)? Play(PlantedFault fault, int seeds, TimeSpan patience)
    {
        var found = (string?)Call(nameof(FaultTrial.Play), SlipOf(fault), seeds, patience);
        return found?.Split(' ', 2) is [var seed, var kind]
            ? (int.Parse(seed, System.Globalization.CultureInfo.InvariantCulture), kind)
            : null;
    }

    /// <summary>Shrinks what breaks in one seed: its kind, the events at first, and the story.</summary>
    public (string Kind, int Events, string Story) Shrink(PlantedFault fault, int seed) =>
        ((string, int, string))Call(nameof(FaultTrial.Shrink), SlipOf(fault), seed)!;

    /// <summary>Throws unless the text that a fault changes stands in the sources exactly once.</summary>
    public static void CheckPlace(FaultInCore fault)
    {
        var folder = Path.Combine(RepositoryFolder(), "src", CoreName);
        TextOf(folder, Path.Combine(folder, fault.File), fault);
    }

    private static int SlipOf(PlantedFault fault) => fault is FaultInDriver driver ? (int)driver.Slip : 0;

    private object? Call(string method, params object[] arguments)
    {
        var simulator = LoadFromAssemblyName(typeof(FaultyCore).Assembly.GetName());
        var trial = simulator.GetType(typeof(FaultTrial).FullName!, throwOnError: true)!;
        return trial.GetMethod(method)!.Invoke(null, arguments);
    }

    protected override System.Reflection.Assembly? Load(System.Reflection.AssemblyName assemblyName)
    {
        var name = assemblyName.Name!;
        if (!name.StartsWith("Tallystick.", StringComparison.Ordinal))
            return null;
        return name == CoreName && core is not null
            ? LoadFromStream(new MemoryStream(core))
            : LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, name + ".dll"));
    }

    private static byte[] Compile(FaultInCore fault)
    {
        var folder = Path.Combine(RepositoryFolder(), "src", CoreName);
        var options = new CSharpParseOptions(LanguageVersion.Preview);
        var sources = Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(file => !IsBuildOutput(Path.GetRelativePath(folder, file)))
            .Select(file => CSharpSyntaxTree.ParseText(TextOf(folder, file, fault), options))
            .Append(CSharpSyntaxTree.ParseText(GlobalUsings, options));
        var platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(file => Path.GetFileName(file).StartsWith("System.", StringComparison.Ordinal))
            .Select(file => MetadataReference.CreateFromFile(file));
        var compilation = CSharpCompilation.Create(
            CoreName,
            sources,
            platform,
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary,
                optimizationLevel: OptimizationLevel.Release,
                nullableContextOptions: NullableContextOptions.Enable,
                allowUnsafe: true));
        using var bytes = new MemoryStream();
        var result = compilation.Emit(bytes);
        var errors = result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        return result.Success
            ? bytes.ToArray()
            : throw new InvalidOperationException($"'{fault.Name}' does not compile: {string.Join(" ", errors)}");
    }

    private static string TextOf(string folder, string file, FaultInCore fault)
    {
        var text = File.ReadAllText(file).ReplaceLineEndings("\n");
        if (Path.GetRelativePath(folder, file).Replace('\\', '/') != fault.File)
            return text;
        var at = text.IndexOf(fault.From, StringComparison.Ordinal);
        if (at < 0 || text.IndexOf(fault.From, at + 1, StringComparison.Ordinal) >= 0)
            throw new InvalidOperationException($"'{fault.Name}' has no single place in {fault.File} any more.");
        return text[..at] + fault.To + text[(at + fault.From.Length)..];
    }

    private static bool IsBuildOutput(string path) =>
        path.Split(Path.DirectorySeparatorChar)[0] is "bin" or "obj";

    private static string RepositoryFolder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Tallystick.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The sources of Core are not here.");
    }
}
