using Tallystick.Cli.Flags;
using Tallystick.Node.Hosting;

namespace Tallystick.Cli.Demo;

/// <summary>The books of the demo, which are kept between runs.</summary>
internal static class DemoBooks
{
    /// <summary>Removes both, for half of a pair is of no use to the other half.</summary>
    /// <exception cref="CannotStartException">One of them is in use.</exception>
    public static void Clear(GivenFlags flags) => Clear(
        NodeSettings.ForDemo(flags, "alice", 0).DataFolder, NodeSettings.ForDemo(flags, "bob", 0).DataFolder);

    /// <summary>Removes these.</summary>
    /// <exception cref="CannotStartException">One of them is in use.</exception>
    public static void Clear(params string[] folders)
    {
        foreach (var folder in folders)
        {
            if (RunningNodes.At(folder) is { } node)
                throw new CannotStartException(
                    $"{node.Name} of the demo is running and uses that book; end it first or leave out --fresh.");
        }

        foreach (var folder in folders.Where(Directory.Exists))
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new CannotStartException($"The old book {folder} cannot be removed: {e.Message}", e);
            }
        }
    }
}
