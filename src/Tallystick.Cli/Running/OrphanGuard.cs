namespace Tallystick.Cli.Running;

/// <summary>
/// Lets a node that another process started end with it: that process holds the write end of the node's standard
/// input, which closes however it dies, also by a kill that nobody can catch.
/// </summary>
internal static class OrphanGuard
{
    /// <summary>The environment variable that asks for it; not among the flags, because no person needs it.</summary>
    public const string Variable = "TALLYSTICK_END_WITH_INPUT";

    public static bool IsAsked => Environment.GetEnvironmentVariable(Variable) == "1";

    /// <summary>Calls <paramref name="ended"/> once the standard input is closed.</summary>
    public static void Watch(Action ended)
    {
        // A thread of its own: a read of a pipe cannot be cancelled, and must keep no thread of the pool.
        var watcher = new Thread(() =>
        {
            using var input = Console.OpenStandardInput();
            var nothing = new byte[256];
            try
            {
                while (input.Read(nothing) > 0)
                {
                }
            }
            catch (IOException)
            {
                // A broken pipe is a closed one.
            }

            ended();
        })
        { IsBackground = true, Name = "orphan guard" };
        watcher.Start();
    }
}
