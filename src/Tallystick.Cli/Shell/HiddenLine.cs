using System.Runtime.Versioning;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Tallystick.Cli.Shell;

/// <summary>Asks for a line on the terminal that is not shown while it is typed.</summary>
internal static class HiddenLine
{
    private const int MaxBytes = 4_096;

    /// <summary>Whether there is a terminal to ask on.</summary>
    public static bool CanAsk => !Console.IsInputRedirected;

    /// <summary>The line, or null when the input ended.</summary>
    /// <exception cref="OperationCanceledException">The program is to stop.</exception>
    public static string? Ask(string question, CancellationToken cancel)
    {
        try
        {
            return OperatingSystem.IsWindows() ? ReadKeys(question) : ReadHidden(question, cancel);
        }
        finally
        {
            Console.Error.WriteLine();
        }
    }

    [UnsupportedOSPlatform("windows")]
    private static string? ReadHidden(string question, CancellationToken cancel)
    {
        // Hidden first: whoever sees the question may type at once.
        using var hidden = new HiddenEcho();
        Console.Error.Write(question);
        // A read of a terminal cannot be cancelled; when the program stops, the thread is left to it.
        var reading = Task.Factory.StartNew(
            ReadLine, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        reading.Wait(cancel);
        return reading.Result;
    }

    // Byte by byte, because what is typed ahead belongs to the shell; and past the console, which would echo it itself.
    [UnsupportedOSPlatform("windows")]
    private static string? ReadLine()
    {
        using var input = new FileStream(
            new SafeFileHandle(UnixTerminal.StandardInput, ownsHandle: false), FileAccess.Read, bufferSize: 0);
        var bytes = new List<byte>();
        var one = new byte[1];
        while (input.Read(one) > 0)
        {
            if (one[0] == (byte)'\n')
                return Encoding.UTF8.GetString([.. bytes]);
            if (bytes.Count < MaxBytes)
                bytes.Add(one[0]);
        }
        return bytes.Count == 0 ? null : Encoding.UTF8.GetString([.. bytes]);
    }

    private static string ReadKeys(string question)
    {
        Console.Error.Write(question);
        var text = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } pressed)
        {
            if (pressed.Key == ConsoleKey.Backspace)
                text.Length = Math.Max(0, text.Length - 1);
            else if (pressed.KeyChar != '\0')
                text.Append(pressed.KeyChar);
        }
        return text.ToString();
    }
}
