using System.Text;

namespace Tallystick.Node.Hosting;

/// <summary>Files that only their owner may read, written so that a crash leaves the old one or the new one.</summary>
internal static class PrivateFile
{
    public const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    public const UnixFileMode FolderMode = FileMode | UnixFileMode.UserExecute;

    /// <summary>Replaces the file's text. The mode is set before the first byte is there.</summary>
    public static void Write(string path, string text) => Replace(path, path + ".new", text);

    /// <summary>The same by way of a file beside it that the caller names, which is gone afterwards.</summary>
    public static void Replace(string path, string aside, string text, bool overwrite = true)
    {
        File.Delete(aside);
        try
        {
            using (var file = new FileStream(aside, Options(System.IO.FileMode.CreateNew, FileAccess.Write)))
            {
                file.Write(Encoding.UTF8.GetBytes(text));
                file.Flush(flushToDisk: true);
            }
            File.Move(aside, path, overwrite);
            FolderFlush.Run(Path.GetDirectoryName(path)!);
        }
        finally
        {
            File.Delete(aside);
        }
    }

    /// <summary>How to open a file that, if it is made by that, is its owner's alone from the beginning.</summary>
    public static FileStreamOptions Options(
        System.IO.FileMode mode, FileAccess access, FileShare share = FileShare.Read)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = share };
        if (!OperatingSystem.IsWindows() && mode != System.IO.FileMode.Open)
            options.UnixCreateMode = FileMode;
        return options;
    }

    /// <summary>Makes a folder that only its owner may enter; one that is there already is left as it is.</summary>
    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, FolderMode);
    }

    /// <summary>Takes every right on a file or folder from everybody but its owner.</summary>
    public static void Close(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, mode);
    }

    /// <summary>The same for a file that was there before; one that is closed already is not touched.</summary>
    public static void CloseIfWider(string path)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~FileMode) != UnixFileMode.None)
            File.SetUnixFileMode(path, FileMode);
    }
}
