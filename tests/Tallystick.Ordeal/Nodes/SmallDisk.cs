using System.Globalization;

namespace Tallystick.Ordeal.Nodes;

/// <summary>A disk in memory below one data folder, whose size can be changed while it is used.</summary>
internal sealed class SmallDisk(string folder)
{
    private const long RoomyMb = 2048;
    private const long BlockBytes = 4096;

    public static SmallDisk Mount(string folder)
    {
        Directory.CreateDirectory(folder);
        Machine.Do("mount", "-t", "tmpfs", "-o", $"size={RoomyMb}m,mode=0700", "ordeal", folder);
        return new SmallDisk(folder);
    }

    /// <summary>Leaves so many blocks free.</summary>
    public void Fill(int freeBlocks)
    {
        // What is written between looking and shrinking makes it fail, so it is tried again with more.
        var disk = new DriveInfo(folder);
        for (var attempt = 0; attempt < 20; attempt++)
        {
            var bytes = disk.TotalSize - disk.TotalFreeSpace + (freeBlocks + attempt) * BlockBytes;
            var size = bytes.ToString(CultureInfo.InvariantCulture);
            if (Machine.Try("mount", "-o", $"remount,size={size}", folder))
                return;
        }
        throw new InvalidOperationException($"{folder} could not be made small.");
    }

    /// <summary>Brings what is on it to the disk below, so that it outlives the mount.</summary>
    public void Keep()
    {
        var aside = folder + ".aside";
        Machine.Do("cp", "-a", folder, aside);
        Machine.Do("umount", "--lazy", folder);
        Directory.Delete(folder);
        Directory.Move(aside, folder);
    }

    public void MakeRoom() => Machine.Do("mount", "-o", $"remount,size={RoomyMb}m", folder);
}
